namespace Involute.Hosting.Configuration;

/// <summary>Ranges that several settings share.</summary>
internal static class Ranges
{
    /// <summary>Most inner steps of a trajectory; the schedule's mean is a sum over them.</summary>
    public const int LongestHorizon = 10_000_000;

    /// <summary>Decay rates of moving averages.</summary>
    public static readonly NumberRange Decay = new(0, 1, BelowMost: true);

    /// <summary>Limits of which 0 stands for none.</summary>
    public static readonly NumberRange LimitOrOff = new(0, 1e30);
}
