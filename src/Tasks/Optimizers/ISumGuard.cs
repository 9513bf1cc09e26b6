namespace Involute.Tasks.Optimizers;

/// <summary>Whether tiny momenta go a short way of their own, without another bit; a type, so that it costs no branch.</summary>
internal interface ISumGuard
{
    /// <summary>Whether it does.</summary>
    static abstract bool IsOn { get; }
}

/// <summary>Momenta as they are.</summary>
internal readonly struct Unguarded : ISumGuard
{
    /// <inheritdoc/>
    public static bool IsOn => false;
}

/// <summary>Tiny momenta in the short way.</summary>
internal readonly struct Guarded : ISumGuard
{
    /// <inheritdoc/>
    public static bool IsOn => true;
}
