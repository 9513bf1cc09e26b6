namespace Involute.Tasks.Unrolls;

/// <summary>
/// The unroll state of one pair actor: all lanes of its P pairs. Everything above compute sees this interface,
/// everything below it is free to be fast.
/// </summary>
/// <remarks>Not safe for use by two threads at once; may move between threads between calls.</remarks>
/// <typeparam name="T">Number type of theta.</typeparam>
public interface IUnroll<T> : IDisposable
{
    /// <summary>Number of pairs.</summary>
    int Pairs { get; }

    /// <summary>Which lanes each pair has.</summary>
    ArmSet Arms { get; }

    /// <summary>Number of bytes that <see cref="Save"/> writes for one pair.</summary>
    int StateBytesPerPair { get; }

    /// <summary>
    /// Starts a new trajectory in all arms of a pair. Call it when the first step of the trajectory is about to run,
    /// with the thetas of that step: an initial state may depend on theta.
    /// </summary>
    void Reset(int pair, Trajectory trajectory, ArmThetas<T> thetas);

    /// <summary>
    /// Runs one segment of each pair that has one (all in one call, so that lanes can be packed), writing each arm's
    /// raw loss and divergence flag per step. <see cref="IWindowUnroll{T}"/> for several of a pair.
    /// </summary>
    /// <param name="segments">At most one per pair.</param>
    /// <param name="thetas">What each arm of each pair runs under.</param>
    /// <param name="losses">Receives the losses at each segment's <see cref="Segment.LossOffset"/>.</param>
    void Advance(ReadOnlySpan<Segment> segments, ArmThetas<T> thetas, Span<StepLoss> losses);

    /// <summary>Measures each arm's mean raw loss without changing any state.</summary>
    /// <param name="pair">Index of the pair.</param>
    /// <param name="thetas">What each arm would run under.</param>
    /// <param name="key">The data to measure on.</param>
    /// <param name="losses">One per arm.</param>
    void Evaluate(int pair, ArmThetas<T> thetas, EvaluationKey key, Span<StepLoss> losses);

    /// <summary>Copies the unperturbed lane's state to both arms.</summary>
    /// <exception cref="InvalidOperationException">The pairs have no centre lane.</exception>
    void ForkFromCentre(int pair);

    /// <summary>Copies the positive arm's state to the negative one.</summary>
    void ForkFromPositive(int pair)
    {
        var state = new byte[StateBytesPerPair];
        Save(pair, state);
        var lane = StateBytesPerPair / Arms.Count();
        state.AsSpan(Arms.IndexOf(Arm.Positive) * lane, lane)
            .CopyTo(state.AsSpan(Arms.IndexOf(Arm.Negative) * lane, lane));
        Load(pair, state);
    }

    /// <summary>Writes a pair's state: lanes of equal size in arm order, little-endian.</summary>
    void Save(int pair, Span<byte> destination);

    /// <summary>Restores what <see cref="Save"/> wrote.</summary>
    void Load(int pair, ReadOnlySpan<byte> source);
}
