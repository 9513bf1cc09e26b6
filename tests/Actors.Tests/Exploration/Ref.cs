namespace Involute.Actors.Tests.Exploration;

/// <summary>
/// An actor's address. Another incarnation at the same path has another uid: what was sent to it is lost.
/// </summary>
internal sealed record Ref(string Path, int Uid)
{
    public override string ToString() => $"{Path}#{Uid}";
}
