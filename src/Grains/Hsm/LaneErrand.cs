namespace Orleans.Kms.Grains.Hsm;

/// <summary>What a lane does of its own accord: nobody waits for it, and the lane logs its failures as it logs all.</summary>
internal sealed class LaneErrand(string operation, Action<TokenSession> code) : LaneCall(operation)
{
    public override bool IsOver => false;

    public override void Execute(TokenSession session) => code(session);

    public override void Fail(Exception failure) { }
}
