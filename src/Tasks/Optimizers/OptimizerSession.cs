using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary>
/// A learned optimizer in a training loop of one's own: it keeps the optimizer's state, and turns parameters and their
/// gradient into the next parameters, as a run of this program does, bit for bit.
/// </summary>
/// <remarks>For one loop and one thread at a time; make one for each model that is trained.</remarks>
public sealed class OptimizerSession : IDisposable
{
    private readonly ILearnedOptimizer _optimizer;
    private readonly float[] _theta;
    private readonly IReadOnlyList<TensorSlice> _tensors;
    private readonly int _length;
    private readonly int _stateLength;
    private readonly AlignedBuffer _parameters;
    private readonly AlignedBuffer _gradient;
    private readonly AlignedBuffer _state;

    /// <summary>Begins to train a model.</summary>
    /// <param name="optimizer">The update rule.</param>
    /// <param name="theta">Its trained parameters.</param>
    /// <param name="tensors">
    /// Names and shapes of the model's parameters, one behind the other; make them with <see
    /// cref="ThetaLayout.LayOut"/>.
    /// </param>
    /// <param name="horizon">Steps that the training is meant to take.</param>
    /// <exception cref="ArgumentException">Theta is not as long as the optimizer's.</exception>
    public OptimizerSession(
        ILearnedOptimizer optimizer, ReadOnlySpan<float> theta, IReadOnlyList<TensorSlice> tensors, int horizon)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentOutOfRangeException.ThrowIfLessThan(tensors.Count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        if (theta.Length != optimizer.Layout.Length)
        {
            throw new ArgumentException(
                $"theta has {theta.Length} numbers, and {optimizer.Name} has {optimizer.Layout.Length}", nameof(theta));
        }

        (_optimizer, _theta, _tensors) = (optimizer, theta.ToArray(), tensors);
        _length = tensors[^1].Offset + tensors[^1].Length;
        _stateLength = optimizer.StateLength(tensors);
        _parameters = new AlignedBuffer(AlignedBuffer.Padded(_length));
        _gradient = new AlignedBuffer(AlignedBuffer.Padded(_length));
        _state = new AlignedBuffer(AlignedBuffer.Padded(_stateLength));
        optimizer.Initialise(tensors, horizon, _state.Span);
    }

    /// <summary>Updates that were made.</summary>
    public long Steps { get; private set; }

    /// <summary>Makes one update.</summary>
    /// <param name="parameters">The model's parameters, in the order of its tensors; replaced by the next.</param>
    /// <param name="gradient">Gradient of the loss at these parameters, in the same order.</param>
    /// <exception cref="ArgumentException">One of them has another length.</exception>
    public void Update(Span<float> parameters, ReadOnlySpan<float> gradient)
    {
        Require(parameters.Length, nameof(parameters));
        Require(gradient.Length, nameof(gradient));

        // What lies behind stays zero, which the kernels rely on.
        parameters.CopyTo(_parameters.Span);
        gradient.CopyTo(_gradient.Span);
        _optimizer.Update(_theta, _tensors, _parameters.Span, _state.Span, _gradient.Span);
        _parameters.Span[.._length].CopyTo(parameters);
        Steps++;
    }

    /// <summary>The optimizer's state, to go on later in another session of the same kind.</summary>
    public float[] Save() => _state.Span[.._stateLength].ToArray();

    /// <summary>Goes on from a saved state.</summary>
    /// <param name="state">What <see cref="Save"/> gave.</param>
    /// <param name="steps">Updates that were made until then.</param>
    /// <exception cref="ArgumentException">It is of another kind of session.</exception>
    public void Load(ReadOnlySpan<float> state, long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        if (state.Length != _stateLength)
        {
            throw new ArgumentException(
                $"a state of {state.Length} numbers; allowed: {_stateLength}, for this optimizer and these tensors",
                nameof(state));
        }

        state.CopyTo(_state.Span);
        Steps = steps;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _parameters.Dispose();
        _gradient.Dispose();
        _state.Dispose();
    }

    private void Require(int length, string name)
    {
        if (length != _length)
        {
            throw new ArgumentException(
                $"{length} numbers; allowed: {_length}, as many as the model's tensors have", name);
        }
    }
}
