namespace Involute.Tasks.Optimizers;

/// <summary>An update rule for inner parameters that is parameterised by theta.</summary>
/// <remarks>
/// Immutable and shared between threads. One lane at a time, in place, without allocation. Parameters, gradient and the
/// slots of the state are padded with zeros to a multiple of <see cref="Numerics.AlignedBuffer.Unit"/> floats; an
/// update must leave the padding at zero.
/// </remarks>
public interface ILearnedOptimizer
{
    /// <summary>Short name.</summary>
    string Name { get; }

    /// <summary>Names and shapes of theta.</summary>
    ThetaLayout Layout { get; }

    /// <summary>Fills theta with its initial value.</summary>
    void InitialTheta(long seed, Span<float> theta);

    /// <summary>Number of floats of optimizer state for inner parameters of this layout.</summary>
    int StateLength(IReadOnlyList<TensorSlice> parameters);

    /// <summary>
    /// Names the parts of the state, for inspection; offsets count from the state's start. By default one nameless
    /// vector.
    /// </summary>
    IReadOnlyList<TensorSlice> DescribeState(IReadOnlyList<TensorSlice> parameters) =>
        StateLength(parameters) is var length and > 0 ? [new("state", 0, [length])] : [];

    /// <summary>Fills the state at the start of a trajectory of <paramref name="horizon"/> steps.</summary>
    void Initialise(IReadOnlyList<TensorSlice> parameters, int horizon, Span<float> state);

    /// <summary>Applies one update in place.</summary>
    /// <param name="theta">The update rule's parameters.</param>
    /// <param name="tensors">How the parameters divide into tensors.</param>
    /// <param name="parameters">Inner parameters, padded.</param>
    /// <param name="state">Optimizer state.</param>
    /// <param name="gradient">Gradient of the loss, padded.</param>
    void Update(
        ReadOnlySpan<float> theta,
        IReadOnlyList<TensorSlice> tensors,
        Span<float> parameters,
        Span<float> state,
        ReadOnlySpan<float> gradient);
}
