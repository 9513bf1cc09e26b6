namespace Involute.Tasks.Optimizers;

/// <summary>Whether tiny momenta are computed in ways of their own, with the same bits; a type, so that it costs no branch.</summary>
internal interface ISumGuard
{
    /// <summary>Whether they are.</summary>
    static abstract bool IsOn { get; }
}

/// <summary>All momenta as ordinary numbers: right, and slow where they are tiny.</summary>
internal readonly struct Unguarded : ISumGuard
{
    /// <inheritdoc/>
    public static bool IsOn => false;
}

/// <summary>Tiny momenta in ways of their own.</summary>
internal readonly struct Guarded : ISumGuard
{
    /// <inheritdoc/>
    public static bool IsOn => true;
}
