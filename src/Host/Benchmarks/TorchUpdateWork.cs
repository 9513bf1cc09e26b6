using Involute.Tasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Optimizers;
using Involute.Torch.Optimizers;
using static TorchSharp.torch;

namespace Involute.Host.Benchmarks;

/// <summary>The updates of <see cref="UpdateWork"/>, by torch on stacked lanes.</summary>
internal sealed class TorchUpdateWork : IBenchWork
{
    private const int Lanes = UpdateWork.Lanes;

    private readonly IStackedOptimizer _optimizer;
    private readonly Tensor _theta;
    private readonly Tensor _gradient;
    private Tensor _parameters;
    private Tensor _state;

    /// <summary>Lanes with these parameters. libtorch has been loaded.</summary>
    /// <exception cref="ArgumentException">The optimizer has no form for tensors.</exception>
    public TorchUpdateWork(ILearnedOptimizer optimizer, IReadOnlyList<TensorSlice> tensors)
    {
        _optimizer = StackedOptimizers.Of(optimizer, tensors)
            ?? throw new ArgumentException(
                $"{optimizer.Name} has no form for tensors; allowed: {StackedOptimizers.Names}");
        var theta = new float[optimizer.Layout.Length];
        optimizer.InitialTheta(0, theta);
        var state = new float[AlignedBuffer.Padded(optimizer.StateLength(tensors))];
        optimizer.Initialise(tensors, horizon: 1000, state);
        var count = tensors[^1].Offset + tensors[^1].Length;
        using var scope = NewDisposeScope();
        _theta = Stacked(tensor(theta));
        _state = Stacked(tensor(state));
        _parameters = Stacked(zeros(count));
        _gradient = Stacked(full(count, 0.01f));
    }

    /// <inheritdoc/>
    public int Run()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var (parameters, state) = _optimizer.Step(_theta, _parameters, _state, _gradient);
        _parameters.Dispose();
        _state.Dispose();
        (_parameters, _state) = (parameters.DetachFromDisposeScope(), state.DetachFromDisposeScope());
        return Lanes;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _theta.Dispose();
        _gradient.Dispose();
        _parameters.Dispose();
        _state.Dispose();
    }

    private static Tensor Stacked(Tensor lane) => lane.repeat(Lanes, 1).DetachFromDisposeScope();
}
