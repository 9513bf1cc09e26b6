using Involute.Tasks.Randomness;

namespace Involute.Faults;

/// <summary>The random moments and choices of a scenario: the same for the same seed.</summary>
internal sealed class Chance(long seed, int scenario)
{
    private readonly CounterStream _numbers = new TrajectoryKey(seed, scenario, 0).Stream(default);
    private uint _draws;

    /// <summary>A number from 0 to <paramref name="below"/> − 1.</summary>
    public int Below(int below) => _numbers.Integer(_draws++, below);

    /// <summary>A random time between two bounds, in seconds.</summary>
    public TimeSpan Seconds(double from, double to) =>
        TimeSpan.FromSeconds(from + (_numbers.Uniform(_draws++) * (to - from)));
}
