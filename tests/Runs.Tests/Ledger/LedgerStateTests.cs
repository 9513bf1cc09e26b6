using System.Security.Cryptography;
using Involute.Runs.Ledger;
using Involute.Tests;
using Xunit;

namespace Involute.Runs.Tests.Ledger;

public sealed class LedgerStateTests
{
    [Fact]
    public void The_chain_hash_covers_the_chain_before_theta_and_the_contributions()
    {
        var ledger = Sample.Ledger(0);
        var first = ((StepVerdict.Write)ledger.Judge(Sample.Step(1))).Event;
        ledger.Apply(first);
        var second = ((StepVerdict.Write)ledger.Judge(Sample.Step(2))).Event;

        byte[] start = [.. new byte[32], .. Bytes(first.ThetaSha256), .. Bytes(first.ContributionsSha256)];
        byte[] next = [.. Bytes(first.ChainSha256), .. Bytes(second.ThetaSha256), .. Bytes(second.ContributionsSha256)];
        Assert.Equal(SHA256.HashData(start), Bytes(first.ChainSha256));
        Assert.Equal(SHA256.HashData(next), Bytes(second.ChainSha256));

        static byte[] Bytes(string hash) => Convert.FromHexString(hash);
    }

    [Fact]
    public void A_broken_chain_is_refused()
    {
        var ledger = Sample.Ledger(3);
        var step = ((StepVerdict.Write)ledger.Judge(Sample.Step(4))).Event;

        var refusal = Assert.Throws<InvalidDataException>(
            () => ledger.Apply(step with { ContributionsSha256 = Sample.Hash("forged") }));

        Assert.Equal("ledger: chain is broken at step 4", refusal.Message);
    }

    [Fact]
    public void A_missing_or_doubled_step_is_refused()
    {
        var ledger = Sample.Ledger(3);
        var fourth = ((StepVerdict.Write)ledger.Judge(Sample.Step(4))).Event;

        Assert.Throws<InvalidDataException>(() => ledger.Apply(fourth with { Step = 5 }));
        Assert.Throws<InvalidDataException>(() => ledger.Apply(fourth with { Step = 3 }));
        Assert.Throws<InvalidDataException>(() => ledger.Apply(fourth with { Epoch = 2 }));
        Assert.IsType<StepVerdict.Refuse>(ledger.Judge(Sample.Step(5)));
    }

    [Fact]
    public void Epochs_follow_one_another_and_name_one_run()
    {
        var ledger = Sample.Ledger(3);

        Assert.Throws<InvalidDataException>(() => ledger.Apply(new EpochStarted(3, Sample.Run, Sample.Identity)));
        Assert.Throws<InvalidDataException>(() => ledger.Apply(new EpochStarted(2, new RunId("b"), Sample.Identity)));
        ledger.Apply(new EpochStarted(2, Sample.Run, Sample.Identity));
        Assert.Equal(2, ledger.Epoch);
    }

    [Fact]
    public void A_recomputed_step_is_known_when_its_theta_is_the_same()
    {
        var ledger = Sample.Ledger(3);

        Assert.IsType<StepVerdict.Known>(ledger.Judge(Sample.Step(2)));
        var refusal = Assert.IsType<StepVerdict.Refuse>(
            ledger.Judge(Sample.Step(2) with { ThetaSha256 = Sample.Hash("drifted") }));
        Assert.StartsWith("step 2: recomputed theta differs", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recomputed_step_with_the_same_theta_must_have_all_other_facts_too()
    {
        var ledger = Sample.Ledger(3);
        var step = Sample.Step(2);

        Assert.All(
            [
                step with { ContributionsSha256 = Sample.Hash("drifted") },
                step with { MeanLoss = BitConverter.Int64BitsToDouble(
                    BitConverter.DoubleToInt64Bits(step.MeanLoss) + 1) },
                step with { MeanLoss = double.NaN },
                step with { Pairs = 4 },
            ],
            drifted => Assert.Equal(
                "step 2: recomputed theta is the same, but contributions, mean loss or number of pairs differ from the "
                    + "ledger",
                Assert.IsType<StepVerdict.Refuse>(ledger.Judge(drifted)).Reason));
    }

    [Fact]
    public void A_mean_loss_that_is_no_number_is_the_same_whatever_its_sign()
    {
        var ledger = Sample.Ledger(0);
        ledger.Apply(((StepVerdict.Write)ledger.Judge(Sample.Step(1) with { MeanLoss = double.NaN })).Event);

        Assert.IsType<StepVerdict.Known>(ledger.Judge(Sample.Step(1) with { MeanLoss = -double.NaN }));
        Assert.IsType<StepVerdict.Refuse>(ledger.Judge(Sample.Step(1)));
    }

    [Fact]
    public void The_two_newest_checkpoints_are_kept_and_those_set_aside_do_not_count()
    {
        Assert.Null(Sample.Ledger(40, 40).PruneUpTo);
        Assert.Equal(29, Sample.Ledger(40, 10, 20, 30, 40).PruneUpTo);

        var aside = Sample.Ledger(40, 10, 20, 30, 40);
        aside.Apply(new CheckpointsSetAside(1, 30));
        Assert.Equal(30, aside.Checkpoint?.Step);
        Assert.Null(aside.PruneUpTo);
    }
}
