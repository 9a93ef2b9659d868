namespace EncryptedGrainState;

public interface INoteGrain : IGrainWithStringKey
{
    Task<string> Read();

    Task Write(string text);

    /// <summary>Ends the activation, so that the next call reads the storage.</summary>
    Task Forget();
}

[GenerateSerializer]
public sealed class Note
{
    [Id(0)]
    public string Text { get; set; } = "";
}

public sealed class NoteGrain([PersistentState("note", "encrypted")] IPersistentState<Note> note) : Grain, INoteGrain
{
    public Task<string> Read() => Task.FromResult(note.State.Text);

    public Task Write(string text)
    {
        note.State.Text = text;
        return note.WriteStateAsync();
    }

    public Task Forget()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
