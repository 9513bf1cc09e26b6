using Involute.Tasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Torch.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace Involute.Torch.Tests.Oracle;

public sealed class OptimizerOracleTests
{
    private const int Length = 37; // no multiple of any vector's width
    private const int Steps = 25;

    private static readonly IReadOnlyList<TensorSlice> Tensors = ThetaLayout.LayOut([("w", [5, 7]), ("b", [2])]);

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Descent(ScalarType type) => Compare(new LearnableSgd(0.05), [-3], type, (theta, p, g, _) =>
        p.sub_(theta[0].exp() * g));

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Momentum(ScalarType type) => Compare(new LearnableSgdm(), [-4, -1.7f], type, (theta, p, g, slots) =>
    {
        slots[0].mul_(1 - theta[1].exp()).add_(g);
        p.sub_(theta[0].exp() * slots[0]);
    });

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Adam(ScalarType type)
    {
        var step = 0;
        Compare(new LearnableAdam(), [-4, -2.1f, -4.5f, -12], type, (theta, p, g, slots) =>
        {
            step++;
            var (rate, beta1, beta2) = (theta[0].exp(), 1 - theta[1].exp(), 1 - theta[2].exp());
            slots[0].mul_(beta1).add_((1 - beta1) * g);
            slots[1].mul_(beta2).add_((1 - beta2) * g * g);
            var first = slots[0] / (1 - beta1.pow(step));
            var second = slots[1] / (1 - beta2.pow(step));
            p.sub_(rate * first / ((second + LearnableAdam.EpsilonRoot).sqrt() + theta[3].exp()));
        });
    }

    private delegate void Rule(Tensor theta, Tensor parameters, Tensor gradient, Tensor[] slots);

    // Both get the same gradients; the test compares the total change of the parameters.
    private static void Compare(ILearnedOptimizer optimizer, float[] theta, ScalarType type, Rule rule)
    {
        TorchRequired.OrSkip();
        using var scope = NewDisposeScope();
        var parameters = new float[AlignedBuffer.Padded(Length)];
        var gradient = new float[parameters.Length];
        var state = new float[AlignedBuffer.Padded(optimizer.StateLength(Tensors))];
        optimizer.Initialise(Tensors, Steps, state);
        var theirTheta = tensor(theta).to_type(type);
        var theirs = zeros(Length, type);
        Tensor[] slots = [zeros(Length, type), zeros(Length, type)];
        for (var step = 0; step < Steps; step++)
        {
            OracleData.Trajectory.At(step).Stream(RandomStream.InnerNoise).FillNormal(gradient.AsSpan(0, Length));
            optimizer.Update(theta, Tensors, parameters, state, gradient);
            rule(theirTheta, theirs, tensor(gradient[..Length]).to_type(type), slots);
        }

        var ours = tensor(parameters[..Length]).to_type(ScalarType.Float64);
        theirs = theirs.to_type(ScalarType.Float64);
        var length = theirs.norm().item<double>();
        Assert.True(length > 0.1);
        Assert.InRange((ours - theirs).norm().item<double>(), 0, 1e-5 * length);
    }
}
