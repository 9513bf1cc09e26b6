using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Involute.Gpu.Driver;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu;

/// <summary>
/// What is computed, in a short hash: losses and saved states of a window of a step that uses every portable function, and of one
/// of quadratics by an optimizer. A device whose hash is not the processor's would be refused by a run.
/// </summary>
/// <remarks>A run has a trial of its own, with its problem; this one needs none.</remarks>
internal static class DeviceFingerprint
{
    private const int Pairs = 3, Arms = 2, Steps = 24, Digits = 16;

    // Arms under thetas that differ by it.
    private const float Spread = 0.01f;

    private static IInnerProblem<float>[] Problems =>
        [new StepProblem<float>(new TrialStep()), new OptimizedTask(new FixedDimQuadraticFamily(), new LearnableAdam(0.05))];

    /// <summary>The hash of what the processor computes.</summary>
    public static string OfProcessor() => Of(Problems);

    /// <summary>The hash of what a device computes.</summary>
    /// <exception cref="DeviceException">The device failed.</exception>
    public static string Of(Device device) => Of(
    [
        .. Problems.Select(problem => DeviceProblems.On(device, problem, out var refusal)
            ?? throw new InvalidOperationException($"{problem.Name}: {refusal}")),
    ]);

    private static string Of(IEnumerable<IInnerProblem<float>> problems)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var problem in problems)
        {
            Append(hash, problem);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..Digits];
    }

    private static void Append(IncrementalHash hash, IInnerProblem<float> problem)
    {
        var length = problem.Layout.Length;
        var lanes = new float[Pairs * Arms * length];
        for (var lane = 0; lane < Pairs * Arms; lane++)
        {
            var theta = lanes.AsSpan(lane * length, length);
            problem.InitialTheta(0, theta);
            theta[0] += Spread * lane;
        }

        var thetas = new ArmThetas<float>(lanes, Arms, length);
        using var unroll = problem.CreateUnroll(Pairs, ArmSet.Antithetic);
        var segments = new Segment[Pairs];
        for (var pair = 0; pair < Pairs; pair++)
        {
            var key = new TrajectoryKey(1, pair, 0);
            unroll.Reset(pair, new Trajectory(key, Steps), thetas);
            segments[pair] = new Segment(pair, key, 0, Steps, LossTime.BeforeUpdate, pair * Steps * Arms);
        }

        var losses = new StepLoss[Pairs * Steps * Arms];
        unroll.Advance(segments, thetas, losses);
        hash.AppendData(MemoryMarshal.AsBytes<double>(Array.ConvertAll(losses, loss => loss.Loss)));
        var state = new byte[unroll.StateBytesPerPair];
        for (var pair = 0; pair < Pairs; pair++)
        {
            unroll.Save(pair, state);
            hash.AppendData(state);
        }
    }
}
