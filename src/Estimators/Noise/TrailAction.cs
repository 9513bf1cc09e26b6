namespace Involute.Estimators.Noise;

/// <summary>What becomes of the accumulated perturbation at the end of a window.</summary>
public enum TrailAction
{
    /// <summary>No trajectory ended: it goes on growing.</summary>
    Keep,

    /// <summary>A new trajectory has already run under the current perturbation: that is all it has seen.</summary>
    ReplaceByCurrent,

    /// <summary>A trajectory ended exactly with the window: the next one has seen nothing yet.</summary>
    Clear,
}
