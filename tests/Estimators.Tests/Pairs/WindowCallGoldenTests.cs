using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Estimators.Tests.Problems;
using Xunit;

namespace Involute.Estimators.Tests.Pairs;

/// <summary>
/// Blocks of several pairs whose trajectories end at different steps keep the bits that they had when each round of
/// segments was a call of its own. The hashes were made by that program.
/// </summary>
public sealed class WindowCallGoldenTests
{
    private const int Plans = 12;

    private static readonly Dictionary<string, string> Known = new()
    {
        ["pes"] = "c3019b462621c1ac",
        ["full"] = "fc5890bba4a60578",
        ["full-recomputed"] = "fa5f69771cdffd1d",
        ["measured"] = "c76850741db12c65",
        ["tes"] = "2acadf80e2f2d61b",
        ["tes-positive"] = "e5e86256426fbe0c",
        ["nres"] = "23ce88f3d3b46fc0",
        ["gpes1"] = "38bf2e2247e7b654",
        ["gpes5"] = "b7d00be612ba1ffd",
        ["telescoping-pes"] = "d74e25a66606180c",
        ["pes-analytic"] = "c42f9f3a39da60d7",
        ["tbptt"] = "a4e0d6c8c19fd20f",
        ["rtrl"] = "53523cbb91e340ab",
        ["full-grad"] = "70be1582c86a1288",
    };

    public static TheoryData<string> Estimators() => [.. RandomPlans.Estimators];

    [Theory]
    [MemberData(nameof(Estimators))]
    public void The_bits_are_those_of_one_call_per_round(string estimator)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var number = 0; number < Plans; number++)
        {
            Append(hash, RandomPlans.Of(number, estimator));
        }

        Assert.Equal(Known[estimator], Convert.ToHexStringLower(hash.GetHashAndReset())[..16]);
    }

    private static void Append(IncrementalHash hash, TrainingPlan<float> plan)
    {
        var slot = new ComputeSlot<float>();
        var theta = OuterState<float>.Initial(plan).Theta;
        foreach (var block in plan.Blocks())
        {
            using var pairs = new PairState<float>(plan, block);
            for (var window = 0; window < 10; window++)
            {
                var contribution = pairs.RunWindow(new Theta<float>(new ThetaVersion(window), theta.Values), slot);
                hash.AppendData(MemoryMarshal.AsBytes(contribution.Gradient.Span));
                foreach (var report in contribution.Reports)
                {
                    hash.AppendData(BitConverter.GetBytes(double.IsNaN(report.MeanLoss) ? -1 : report.MeanLoss));
                    hash.AppendData(MemoryMarshal.AsBytes<int>(
                    [
                        report.InnerStepBefore, report.InnerStepAfter, report.Steps, report.Resets, report.DivergedArms,
                        (int)report.Trajectory,
                    ]));
                }
            }

            hash.AppendData(pairs.Save());
        }
    }
}
