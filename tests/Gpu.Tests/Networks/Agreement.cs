using Involute.Tasks.Randomness;
using Involute.Tasks.Tests.Unrolls;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Gpu.Tests.Networks;

/// <summary>
/// An unroll of the CPU and one of a device through the same windows: losses, and the saved bytes of lanes that live, must be the
/// same bit for bit. Between windows, states move from each to the other.
/// </summary>
internal static class Agreement
{
    /// <summary>Runs windows; returns how many lane-steps, and how many of them on lanes that had diverged.</summary>
    public static (int Steps, int Diverged) Check(
        IWindowUnroll<float> cpu, IWindowUnroll<float> device, float[] theta, int seed, double spread, int windows, int longest)
    {
        var (pairs, arms) = (cpu.Pairs, cpu.Arms.Count());
        Assert.Equal(cpu.StateBytesPerPair, device.StateBytesPerPair);
        var random = new RandomWindows<float>(theta, pairs, arms, seed, spread) { LongestSegment = longest };
        var (steps, diverged) = (0, 0);
        for (var window = 0; window < windows; window++)
        {
            // Kernels that measure before updates only are replaced by others for a window, and go on behind it.
            random.AfterUpdates = window % 3 == 2;
            var segments = random.Next();
            var thetas = new ArmThetas<float>(random.Thetas, arms, theta.Length);
            var losses = SameBits.Losses(cpu, segments, thetas, random.Losses);
            Assert.Equal(losses, SameBits.Losses(device, segments, thetas, random.Losses));
            steps += segments.Sum(segment => segment.Segment.Steps) * arms;
            diverged += losses.Count(loss => loss.Diverged) - 2 - segments.Length;
            var pair = window % pairs;
            switch (window % 5)
            {
                case 0 when cpu.Arms == ArmSet.AntitheticAndCentre:
                    cpu.ForkFromCentre(pair);
                    device.ForkFromCentre(pair);
                    break;
                case 1:
                    Move(device, cpu, pair);
                    break;
                case 2:
                    CompareEvaluation(cpu, device, pair, thetas);
                    break;
                case 3:
                    var trajectory = random.Begin(pair);
                    cpu.Reset(pair, trajectory, thetas);
                    device.Reset(pair, trajectory, thetas);
                    break;
                case 4:
                    Move(cpu, device, pair);
                    if (arms > 1)
                    {
                        cpu.ForkFromPositive(pair);
                        device.ForkFromPositive(pair);
                    }

                    break;
                default:
                    break;
            }

            CompareStates(cpu, device);
        }

        return (steps, diverged);
    }

    public static void CompareStates(IUnroll<float> cpu, IUnroll<float> device)
    {
        for (var pair = 0; pair < cpu.Pairs; pair++)
        {
            Assert.Equal(SavedLanes.Live(cpu, pair), SavedLanes.Live(device, pair));
        }
    }

    // One's state becomes that of both, in another pair's place.
    private static void Move(IUnroll<float> from, IUnroll<float> to, int pair)
    {
        var bytes = SavedLanes.Of(from, pair);
        to.Load(from.Pairs - 1, bytes);
        from.Load(from.Pairs - 1, bytes);
    }

    private static void CompareEvaluation(IUnroll<float> cpu, IUnroll<float> device, int pair, ArmThetas<float> thetas)
    {
        foreach (var split in Enum.GetValues<DataSplit>())
        {
            var (expected, actual) = (new StepLoss[3], new StepLoss[3]);
            var key = new EvaluationKey(new TrajectoryKey(3, pair, 1), split, 1, 2);
            cpu.Evaluate(pair, thetas, key, expected);
            device.Evaluate(pair, thetas, key, actual);
            Assert.Equal(SameBits.Bits(expected), SameBits.Bits(actual));
        }
    }
}
