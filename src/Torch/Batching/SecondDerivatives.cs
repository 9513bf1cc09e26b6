namespace Involute.Torch.Batching;

/// <summary>
/// Says for one thread and for some time that what is computed will be differentiated twice: <see cref="LaneOps"/> then
/// uses operations that torch can differentiate twice.
/// </summary>
internal readonly ref struct SecondDerivatives
{
    [ThreadStatic]
    private static int _wanted;

    private readonly int _own;

    private SecondDerivatives(int own) => _own = own;

    /// <summary>Whether they are wanted on this thread.</summary>
    public static bool AreWanted => _wanted > 0;

    /// <summary>From here until the result is disposed of they are.</summary>
    public static SecondDerivatives Want()
    {
        _wanted++;
        return new SecondDerivatives(1);
    }

    /// <summary>They are not any more.</summary>
    public void Dispose() => _wanted -= _own;
}
