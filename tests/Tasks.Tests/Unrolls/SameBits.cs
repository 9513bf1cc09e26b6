using System.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Tasks.Tests.Unrolls;

/// <summary>Two unrolls through the same windows: losses and saved bytes must be the same, bit for bit.</summary>
internal static class SameBits
{
    private const int Windows = 12;

    // Few lanes may need more windows until one of them diverges.
    private const int MostWindows = 100;
    private static readonly StepLoss Untouched = new(-12345.678, true);

    /// <summary>Returns the bytes of all pairs.</summary>
    /// <param name="single">The one.</param>
    /// <param name="packed">The other.</param>
    /// <param name="theta">Around which thetas lie.</param>
    /// <param name="seed">Which windows.</param>
    /// <param name="spread">How far a theta may be that is to diverge.</param>
    /// <param name="diverges">Whether the problem can diverge: then a lane has to.</param>
    /// <param name="seen">What of saved bytes is compared: all, if not said.</param>
    public static byte[] Check<T>(
        IWindowUnroll<T> single, IWindowUnroll<T> packed, T[] theta, int seed, double spread, bool diverges = true,
        Func<byte[], byte[]>? seen = null)
        where T : struct, IFloatingPointIeee754<T>
    {
        var (pairs, arms) = (single.Pairs, single.Arms.Count());
        var random = new RandomWindows<T>(theta, pairs, arms, seed, spread);
        var diverged = false;
        for (var window = 0; window < Windows || (diverges && !diverged && window < MostWindows); window++)
        {
            var segments = random.Next();
            var thetas = new ArmThetas<T>(random.Thetas, arms, theta.Length);
            var expected = Losses(single, segments, thetas, random.Losses);
            Assert.Equal(expected, Losses(packed, segments, thetas, random.Losses));
            diverged |= expected[1..^1].Any(loss => loss.Diverged && loss.Bits != Bits([Untouched])[0].Bits);
            switch (window % 4)
            {
                case 0 when single.Arms == ArmSet.AntitheticAndCentre:
                    single.ForkFromCentre(window % pairs);
                    packed.ForkFromCentre(window % pairs);
                    break;
                case 0 when single.Arms == ArmSet.Antithetic:
                    single.ForkFromPositive(window % pairs);
                    packed.ForkFromPositive(window % pairs);
                    break;
                case 1:
                    Load(single, packed, window % pairs);
                    break;
                case 2:
                    CompareEvaluation(single, packed, window % pairs, thetas);
                    break;
                case 3:
                    var trajectory = random.Begin(window % pairs);
                    single.Reset(window % pairs, trajectory, thetas);
                    packed.Reset(window % pairs, trajectory, thetas);
                    break;
                default:
                    break;
            }
        }

        // A law of lanes that end is not tested by lanes that all live.
        Assert.True(diverged || !diverges, "no lane has diverged: the spread of the thetas is too small");
        var bytes = Bytes(packed);
        seen ??= all => all;
        Assert.Equal(seen(Bytes(single)), seen(bytes));
        return bytes;
    }

    /// <summary>The losses of a call; what no segment has must stay as it is.</summary>
    public static (long Bits, bool Diverged)[] Losses<T>(
        IWindowUnroll<T> unroll, WindowSegment[] segments, ArmThetas<T> thetas, int count)
    {
        var losses = new StepLoss[count + 2];
        Array.Fill(losses, Untouched);
        unroll.Advance(segments, thetas, losses.AsSpan(1, count));
        Assert.Equal(Untouched, losses[0]);
        Assert.Equal(Untouched, losses[^1]);
        return Bits(losses);
    }

    /// <summary>0 and −0 are told apart; one NaN is as good as another.</summary>
    public static (long Bits, bool Diverged)[] Bits(StepLoss[] losses) =>
    [
        .. losses.Select(loss => (
            BitConverter.DoubleToInt64Bits(double.IsNaN(loss.Loss) ? double.NaN : loss.Loss), loss.Diverged)),
    ];

    /// <summary>Likewise of numbers.</summary>
    public static uint[] Bits(ReadOnlySpan<float> numbers) =>
        Array.ConvertAll(numbers.ToArray(), x => BitConverter.SingleToUInt32Bits(float.IsNaN(x) ? float.NaN : x));

    private static void Load<T>(IUnroll<T> single, IUnroll<T> packed, int pair)
    {
        var bytes = new byte[single.StateBytesPerPair];
        packed.Save(pair, bytes);
        single.Load(single.Pairs - 1, bytes);
        packed.Load(single.Pairs - 1, bytes);
    }

    private static void CompareEvaluation<T>(IUnroll<T> single, IUnroll<T> packed, int pair, ArmThetas<T> thetas)
    {
        var (expected, actual) = (new StepLoss[3], new StepLoss[3]);
        var key = new EvaluationKey(new TrajectoryKey(3, pair, 1), DataSplit.Train, 0, 2);
        single.Evaluate(pair, thetas, key, expected);
        packed.Evaluate(pair, thetas, key, actual);
        Assert.Equal(Bits(expected), Bits(actual));
    }

    private static byte[] Bytes<T>(IUnroll<T> unroll)
    {
        var bytes = new byte[unroll.Pairs * unroll.StateBytesPerPair];
        for (var pair = 0; pair < unroll.Pairs; pair++)
        {
            unroll.Save(pair, bytes.AsSpan(pair * unroll.StateBytesPerPair));
        }

        return bytes;
    }
}
