using Involute.Tasks.Randomness;

namespace Involute.Tasks.Schedules;

/// <summary>Every trajectory lasts equally long.</summary>
public sealed class ConstantSchedule : ITruncationSchedule
{
    private readonly int _length;

    /// <summary>Trajectories of <paramref name="length"/> inner steps, at least 1.</summary>
    public ConstantSchedule(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        _length = length;
    }

    /// <inheritdoc/>
    public string Name => "constant";

    /// <inheritdoc/>
    public double MeanHorizon => _length;

    /// <inheritdoc/>
    public int Horizon(TrajectoryKey trajectory) => _length;

    /// <inheritdoc/>
    public HorizonRange? Range(long outerSteps) => new HorizonRange(_length, _length);
}
