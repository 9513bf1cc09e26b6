using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Involute.Tasks.Images;
using Involute.Tasks.Numerics;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Tasks.Tests.Images;

/// <summary>Results that are part of every run's identity: a change here breaks the resuming of runs.</summary>
/// <remarks><see cref="PortabilityTests"/> runs this class again with parts of the processor switched off.</remarks>
public sealed class GoldenBitsTests
{
    private static readonly TrajectoryKey Trajectory = new(2026, 5, 1);

    [Fact]
    public void Exponential_and_logarithm()
    {
        var results = new List<float>();
        for (var bits = 1; bits < 0x7F80_0000; bits += 100_003)
        {
            var x = BitConverter.Int32BitsToSingle(bits);
            results.AddRange([VectorMath.Log(x), VectorMath.Exp(x), VectorMath.Exp(-x)]);
        }

        AssertHash("9ebcfa742051096d", results.ToArray());
    }

    [Fact]
    public void Training_the_default_task()
    {
        var task = ImageMlp.FashionMnist8Relu32();
        AssertHash("746adfd633aaca92", Train(task, 3));
    }

    [Fact]
    public void Training_with_a_batch_of_more_than_128_examples() =>
        AssertHash("65eafac7f7048abd", Train(new ImageMlp("large", FashionMnist.Embedded8x8(), [32], 200), 3));

    [Fact]
    public void Training_a_deeper_network_of_odd_sizes()
    {
        var data = SyntheticImages.Dataset(200, 5, 3, 7);
        AssertHash("69fb229358ad22d7", Train(new ImageMlp("odd", data, [19, 6, 9], 21), 6));
    }

    [Fact]
    public void Updating_by_learned_optimizers()
    {
        // Ranks 0 to 3, tensors longer than a block and shorter than a vector.
        var tensors = ThetaLayout.LayOut([("a", []), ("b", [5]), ("c", [70]), ("d", [9, 19]), ("e", [3, 5, 3])]);
        var length = tensors[^1].Offset + tensors[^1].Length;
        var results = new List<float>();
        foreach (var optimizer in new ILearnedOptimizer[] { new MlpOptimizer(), new AdafacMlpOptimizer() })
        {
            var theta = new float[optimizer.Layout.Length];
            var parameters = new float[AlignedBuffer.Padded(length)];
            var gradient = new float[parameters.Length];
            var state = new float[AlignedBuffer.Padded(optimizer.StateLength(tensors))];
            optimizer.InitialTheta(2026, theta);
            optimizer.Initialise(tensors, 10, state);
            for (var step = 0; step < 5; step++)
            {
                Trajectory.At(step).Stream(RandomStream.InnerNoise).FillNormal(gradient.AsSpan(0, length), 0.1);
                optimizer.Update(theta, tensors, parameters, state, gradient);
            }

            results.AddRange([.. parameters, .. state]);
        }

        AssertHash("13847f52049614de", results.ToArray());
    }

    private static float[] Train(ImageMlp task, int steps)
    {
        var parameters = new float[task.ParameterCount];
        var gradient = new float[task.ParameterCount];
        var losses = new float[steps];
        task.Initialise(Trajectory, parameters);
        using var batch = task.CreateBatch();
        for (var step = 0; step < steps; step++)
        {
            batch.Prepare(Trajectory.At(step), DataSplit.Train, RandomStream.DataOrder);
            losses[step] = (float)batch.LossAndGradient(parameters, gradient);
            for (var i = 0; i < parameters.Length; i++)
            {
                parameters[i] -= 0.25f * gradient[i];
            }
        }

        return [.. losses, .. parameters, .. gradient];
    }

    private static void AssertHash(string expected, float[] values) => Assert.Equal(
        expected, Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values.AsSpan())))[..16]);
}
