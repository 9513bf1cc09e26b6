namespace Involute.Runs;

/// <summary>Name of a run: the name of its folder.</summary>
public readonly record struct RunId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
