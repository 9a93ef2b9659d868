namespace Orleans.Kms.Client.Tests;

/// <summary>A grain of an application that keeps its state encrypted.</summary>
public interface INoteGrain : IGrainWithStringKey
{
    Task Write(string firstText, string secondText);

    Task<(string First, string Second)> Read();

    Task Clear();

    /// <summary>Whether a caller token of the KMS was left in the grain's flow by a write.</summary>
    Task<bool> KeepsToken();

    Task Deactivate();
}

/// <summary>The state of a note.</summary>
[GenerateSerializer]
public sealed class Note
{
    [Id(0)]
    public string Text { get; set; } = "";
}

public sealed class NoteGrain(
    [PersistentState("first", "encrypted")] IPersistentState<Note> first, [PersistentState("second", "encrypted")] IPersistentState<Note> second) : Grain, INoteGrain
{
    public async Task Write(string firstText, string secondText)
    {
        first.State.Text = firstText;
        second.State.Text = secondText;
        await first.WriteStateAsync();
        await second.WriteStateAsync();
    }

    public Task<(string First, string Second)> Read() => Task.FromResult((first.State.Text, second.State.Text));

    public async Task Clear()
    {
        await first.ClearStateAsync();
        await second.ClearStateAsync();
    }

    public async Task<bool> KeepsToken()
    {
        RequestContext.Set("application", "flow");
        await first.WriteStateAsync();
        return Access.CallerToken.Current is not null || RequestContext.Get("application") is not "flow";
    }

    public Task Deactivate()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
