using System.Buffers.Binary;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Xunit;

namespace Involute.Estimators.Tests.Pairs;

public sealed class PairStateCheckTests
{
    private const int HeaderBytes = 20;
    private const int CursorBytes = 22;

    [Theory]
    [MemberData(nameof(PairStateTests.All), MemberType = typeof(PairStateTests))]
    public void Every_state_that_a_pair_has_is_accepted_after_its_windows_and_no_others(
        string estimator, ResetContract reset)
    {
        var plan = PairStateTests.Plan(estimator, reset);
        var check = new PairStateCheck<float>(plan);
        using var pairs = new PairState<float>(plan, PairStateTests.Block);
        var slot = new ComputeSlot<float>();
        var theta = OuterState<float>.Initial(plan).Theta;
        for (var window = 1; window <= 40; window++)
        {
            pairs.RunWindow(theta, slot);
            Assert.Null(check.Problem(PairStateTests.Block, pairs.Save(), new ThetaVersion(window)));
            Assert.NotNull(check.Problem(PairStateTests.Block, pairs.Save(), new ThetaVersion(window + 1)));
            Assert.NotNull(check.Problem(new PairBlock(0, 3), pairs.Save(), new ThetaVersion(window)));
        }
    }

    [Fact]
    public void Any_other_length_and_any_bit_of_the_header_are_refused()
    {
        var state = State();
        var check = new PairStateCheck<float>(PairStateTests.Plan("pes"));
        Assert.All(
            Enumerable.Range(0, state.Length).Append(state.Length + 1),
            length => Assert.NotNull(Problem(check, [.. state.Concat(state).Take(length)])));
        Assert.All(Enumerable.Range(0, 8 * HeaderBytes), bit => Assert.NotNull(Problem(check, Flip(state, bit))));
    }

    [Fact]
    public void Numbers_that_no_pair_can_stand_at_are_refused()
    {
        var check = new PairStateCheck<float>(PairStateTests.Plan("pes"));

        // The number of windows, and both flags, in every bit but the lowest of a flag.
        var cursor = 8 * HeaderBytes;
        var windows = Enumerable.Range(cursor, 32);
        var flags = Enumerable.Range(cursor + (8 * 20) + 1, 7).Concat(Enumerable.Range(cursor + (8 * 21), 8));
        Assert.All(windows.Concat(flags), bit => Assert.NotNull(Problem(check, Flip(State(), bit))));

        // Start, age and horizon.
        foreach (var (field, value) in new[] { (8, -1), (8, 21), (12, -1), (12, int.MaxValue), (16, 0), (16, int.MinValue) })
        {
            var state = State();
            BinaryPrimitives.WriteInt32LittleEndian(state.AsSpan(HeaderBytes + field), value);
            Assert.Contains("no pair of this run can stand at", Problem(check, state), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void An_accumulated_perturbation_that_is_not_finite_is_refused(float value)
    {
        var state = State();
        BinaryPrimitives.WriteSingleLittleEndian(state.AsSpan(HeaderBytes + CursorBytes + 4), value);

        Assert.Contains(
            "pair 3: an accumulated perturbation that is not finite",
            Problem(new PairStateCheck<float>(PairStateTests.Plan("pes")), state),
            StringComparison.Ordinal);
    }

    private static string? Problem(PairStateCheck<float> check, byte[] state) =>
        check.Problem(PairStateTests.Block, state, new ThetaVersion(1));

    private static byte[] State()
    {
        var plan = PairStateTests.Plan("pes");
        using var pairs = new PairState<float>(plan, PairStateTests.Block);
        pairs.RunWindow(OuterState<float>.Initial(plan).Theta, new ComputeSlot<float>());
        return pairs.Save();
    }

    private static byte[] Flip(byte[] bytes, int bit)
    {
        var flipped = bytes.ToArray();
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }
}
