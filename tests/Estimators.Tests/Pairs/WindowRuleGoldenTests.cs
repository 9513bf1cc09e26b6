using System.Security.Cryptography;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Tasks.Problems;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Estimators.Tests.Pairs;

/// <summary>
/// Every estimator under every rule that turns the losses of a window into numbers: contributions, reports and saved
/// states keep their bits. A change here changes the theta of every run.
/// </summary>
public sealed class WindowRuleGoldenTests
{
    [Theory]
    [InlineData("pes", "da273b1129b3da02")]
    [InlineData("full", "ef1fc1451b73170e")]
    [InlineData("tes", "2c641e2002a4c2af")]
    [InlineData("tes-positive", "aea2d965b49dd47b")]
    [InlineData("nres", "6c81487eed347777")]
    [InlineData("gpes3", "7020ed60b79714f2")]
    [InlineData("telescoping-pes", "e7863a3cc28b075b")]
    [InlineData("pes-analytic", "f9d47df19ea1bde7")]
    [InlineData("tbptt", "8eac003835d3a997")]
    [InlineData("rtrl", "d55bcf9c1a4b4744")]
    [InlineData("full-grad", "388f0a4b2f684f66")]
    public void The_bits_are_those_that_they_were(string estimator, string expected)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var loss in Enum.GetValues<WindowLoss>())
        {
            foreach (var normalisation in Enum.GetValues<Normalisation>())
            {
                foreach (var contract in Enum.GetValues<ResetContract>())
                {
                    Append(hash, Plan(estimator, new WindowSettings(5, 7, 20, loss, normalisation, contract)));
                }
            }
        }

        Assert.Equal(expected, Convert.ToHexStringLower(hash.GetHashAndReset())[..16]);
    }

    private static TrainingPlan<double> Plan(string estimator, WindowSettings windows) => new(
        new StepProblem<double>(new SmoothedQuadratic<double>([1, 3], [1, -2], -1.5, logarithmic: true)),
        Problems.Estimators.Of(estimator),
        new GaussianNoise<double>(0.1),
        new LogUniformSchedule(3, 20),
        windows,
        new MetaSgd<double>(0),
        Pairs: 3,
        PairsPerActor: 3);

    private static void Append(IncrementalHash hash, TrainingPlan<double> plan)
    {
        var slot = new ComputeSlot<double>();
        var theta = OuterState<double>.Initial(plan).Theta;
        using var pairs = new PairState<double>(plan, new PairBlock(0, 3));
        for (var window = 0; window < 12; window++)
        {
            var contribution = pairs.RunWindow(theta, slot);
            hash.AppendData(BitConverter.GetBytes(contribution.Gradient.Span[0]));
            foreach (var report in contribution.Reports)
            {
                hash.AppendData(BitConverter.GetBytes(report.MeanLoss));
                hash.AppendData(BitConverter.GetBytes(report.Steps));
            }
        }

        hash.AppendData(pairs.Save());
    }
}
