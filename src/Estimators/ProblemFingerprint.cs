using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Involute.Estimators.Plans;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators;

/// <summary>
/// A hash of what an inner problem computes: its theta, and the first inner steps of one trajectory. Two processes with
/// the same hash have the same code, data and arithmetic as far as these steps go.
/// </summary>
/// <remarks>
/// Settings alone do not tell: data files may differ under one path, versions under one number, and a processor may
/// round otherwise. A few steps find that out before it spoils a run.
/// </remarks>
public static class ProblemFingerprint
{
    private const int Steps = 3;

    /// <summary>SHA-256 in lowercase hexadecimal digits.</summary>
    public static string Of<T>(TrainingPlan<T> plan)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(plan);
        var problem = plan.Problem;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, problem.Name);
        foreach (var slice in problem.Layout.Slices)
        {
            Append(hash, string.Create(CultureInfo.InvariantCulture, $"{slice.Name}:{string.Join('x', slice.Shape)}"));
        }

        var theta = new T[problem.Layout.Length];
        problem.InitialTheta(plan.Windows.Seed, theta);
        hash.AppendData(MemoryMarshal.AsBytes<T>(theta));
        foreach (var loss in FirstLosses(plan, theta))
        {
            hash.AppendData(BitConverter.GetBytes(loss.Diverged ? double.NaN : loss.Loss));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static StepLoss[] FirstLosses<T>(TrainingPlan<T> plan, T[] theta)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var unroll = plan.Problem.CreateUnroll(1, ArmSet.CentreOnly);
        var key = new TrajectoryKey(plan.Windows.Seed, 0, 0);
        var thetas = new ArmThetas<T>(theta, 1, theta.Length);
        unroll.Reset(0, new Trajectory(key, Steps), thetas);
        var losses = new StepLoss[Steps];
        unroll.Advance([new Segment(0, key, 0, Steps, plan.Windows.LossTime, 0)], thetas, losses);
        return losses;
    }

    private static void Append(IncrementalHash hash, string text) =>
        hash.AppendData(Encoding.UTF8.GetBytes(text + '\n'));
}
