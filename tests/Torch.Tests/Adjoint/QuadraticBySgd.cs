using Involute.Tasks;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tangents;
using Involute.Tasks.Unrolls;

namespace Involute.Torch.Tests.Adjoint;

/// <summary>
/// <see cref="FixedDimQuadraticFamily"/> by gradient descent as a step function, whose derivatives go forwards: the
/// centre is part of the state.
/// </summary>
internal sealed class QuadraticBySgd(int dimension, double learningRate) : IDifferentiableStep<float>
{
    private readonly FixedDimQuadraticFamily _family = new(dimension);

    public string Name => "quadratic by sgd";

    public ThetaLayout Layout { get; } = new(("log_lr", []));

    public int StateLength => 2 * dimension;

    public void InitialTheta(long seed, Span<float> theta) => theta[0] = (float)PortableMath.Log(learningRate);

    public void Initialise<TNumber>(ReadOnlySpan<TNumber> theta, Trajectory trajectory, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, float>
    {
        var parameters = new float[dimension];
        _family.Initialise(trajectory.Key, parameters);
        var centre = _family.DescribeSample(trajectory.Key)[0].Values.Span;
        for (var i = 0; i < dimension; i++)
        {
            state[i] = TNumber.Constant(parameters[i]);
            state[dimension + i] = TNumber.Constant(centre[i]);
        }
    }

    public TNumber Step<TNumber>(ReadOnlySpan<TNumber> theta, StepKey key, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, float>
    {
        var loss = TNumber.Constant(0);
        for (var i = 0; i < dimension; i++)
        {
            var distance = state[i] - state[dimension + i];
            loss += distance * distance;
            state[i] -= TNumber.Exp(theta[0]) * (distance + distance);
        }

        return loss;
    }
}
