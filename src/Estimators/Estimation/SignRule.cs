namespace Involute.Estimators.Estimation;

/// <summary>
/// <c>sign-loss-diff = s</c>: every step's loss difference is replaced by s · sign(the window's loss difference), so
/// that an estimate depends on which arm is better, and not on by how much.
/// </summary>
/// <remarks>Metz et al., "VeLO: training versatile learned optimizers by scaling up", 2022, meta-trains in this
/// way.</remarks>
internal readonly struct SignRule
{
    /// <summary>What the option does, for every estimator that has it.</summary>
    public const string Explanation =
        "Every step's loss difference becomes this times the sign of the window's loss difference. " + Reason;

    /// <summary>Why one would use it.</summary>
    public const string Reason = "Makes the size of losses irrelevant, at the price of a bias.";

    private readonly double? _difference;

    /// <summary>The rule for one window; without a size, differences stay as they are.</summary>
    public SignRule(double? size, ReadOnlySpan<SegmentRecord> segments)
    {
        if (size is not { } s)
        {
            return;
        }

        var delta = 0.0;
        foreach (var segment in segments)
        {
            delta += segment.Delta;
        }

        _difference = s * Math.Sign(delta);
    }

    /// <summary>What a segment's <see cref="SegmentRecord.Delta"/> becomes.</summary>
    public double Delta(SegmentRecord segment) => _difference is { } q ? q * segment.Share : segment.Delta;
}
