using Involute.Tasks.InnerTasks;

namespace Involute.Runs.Configuration;

/// <summary>
/// What differentiates unrolls of learned optimizers in this program, for estimators that need it. This assembly knows
/// none: who adds components of another assembly (<see cref="KnownComponents.Add"/>) may have one.
/// </summary>
public static class KnownDerivatives
{
    /// <summary>What does; null where nothing does.</summary>
    public static IUnrollDerivative? Current { get; private set; }

    /// <summary>Sets it, before the first configuration is read.</summary>
    /// <param name="derivative">What differentiates.</param>
    public static void Use(IUnrollDerivative derivative)
    {
        ArgumentNullException.ThrowIfNull(derivative);
        Current = derivative;
    }
}
