namespace Involute.Tasks.Randomness;

/// <summary>Names one trajectory of one pair: everything random in it follows from this key.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Pair">Index of the pair, 0 to 2²⁴ − 1.</param>
/// <param name="Trajectory">Counts the pair's trajectories from 0.</param>
public readonly record struct TrajectoryKey(long Seed, int Pair, uint Trajectory)
{
    /// <summary>Random numbers that are drawn once in a trajectory.</summary>
    public CounterStream Stream(RandomStream stream) => new(Seed, 0, Trajectory, Pair, stream);

    /// <summary>Key of an inner step of this trajectory, counted from its true start.</summary>
    public StepKey At(int innerStep) => new(this, checked((uint)innerStep));
}

/// <summary>Names one inner step of one trajectory.</summary>
/// <param name="Trajectory">The trajectory.</param>
/// <param name="InnerStep">Steps since the trajectory's true start.</param>
public readonly record struct StepKey(TrajectoryKey Trajectory, uint InnerStep)
{
    /// <summary>Random numbers of this step. Both arms of a pair see the same.</summary>
    public CounterStream Stream(RandomStream stream) =>
        new(Trajectory.Seed, InnerStep, Trajectory.Trajectory, Trajectory.Pair, stream);
}

/// <summary>Names one perturbation of theta; epsilon is regenerated from it and never stored.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Pair">Index of the pair.</param>
/// <param name="Major">The pair's window, or the trajectory.</param>
/// <param name="Stretch">Stretch within the trajectory; 0 where noise belongs to a window.</param>
/// <param name="Stream">Which of the two kinds.</param>
public readonly record struct NoiseKey(long Seed, int Pair, uint Major, uint Stretch, RandomStream Stream)
{
    /// <summary>Noise that is drawn for each window of a pair (PES, truncated ES, FullES).</summary>
    public static NoiseKey OfWindow(long seed, int pair, uint window) =>
        new(seed, pair, window, 0, RandomStream.WindowPerturbation);

    /// <summary>Noise that lasts for a stretch of a trajectory (NRES, GPES).</summary>
    public static NoiseKey OfStretch(long seed, int pair, uint trajectory, uint stretch) =>
        new(seed, pair, trajectory, stretch, RandomStream.StretchPerturbation);

    /// <summary>The random numbers behind this perturbation.</summary>
    public CounterStream Numbers => new(Seed, Stretch, Major, Pair, Stream);
}
