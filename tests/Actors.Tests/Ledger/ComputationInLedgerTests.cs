using Involute.Actors.Protocol;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Ledger;

/// <summary>The ledger records each epoch's program and data, and refuses other data and other numbers.</summary>
public sealed class ComputationInLedgerTests
{
    private static readonly Computation First = Sample.Computation;

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task An_upgrade_goes_on_with_a_warning_and_stands_in_the_ledger(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        var upgrade = First with { Program = "involute 2.0.0", Modules = "Involute.A 05" };
        Assert.Empty((await BeginAsync(under.Store, First)).Warnings);
        var recovered = await BeginAsync(under.Store, upgrade);
        var again = await BeginAsync(under.Store, upgrade);

        Assert.StartsWith("another build goes on", Assert.Single(recovered.Warnings), StringComparison.Ordinal);
        Assert.Empty(again.Warnings);
        Assert.Equal([First, upgrade, upgrade], under.Store.Read().Epochs.Select(epoch => epoch.Computation));
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task Other_data_and_other_numbers_are_refused_and_nothing_is_written(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await BeginAsync(under.Store, First);
        foreach (var other in new[] { First with { DataSha256 = "da7a" }, First with { Fingerprint = "f00d" } })
        {
            await using var ledger = new RunningLedger(under.Store, computation: other);
            ledger.Tell(new LedgerProtocol.Recover());
            var failed = await ledger.Expect<LedgerProtocol.StoreFailed>();

            Assert.Equal(StoreFailure.Data, failed.Kind);
            Assert.Equal(ComputationRules.Refusal(First, other), failed.Reason);
        }

        Assert.Single(under.Store.Read().Epochs);
    }

    [Fact]
    public async Task A_ledger_of_before_is_taken_up_and_tells_from_then_on()
    {
        await using var under = await StoreUnderTest.CreateAsync("sqlite");
        await RunningLedger.Written(under.Store, 3, 2);
        Assert.Empty((await BeginAsync(under.Store, First)).Warnings);

        Assert.Equal(["epoch-1", "epoch-2"], under.Read<string>(
            "SELECT manifest FROM journal WHERE manifest LIKE 'epoch%' ORDER BY sequence_number"));
    }

    private static async Task<LedgerProtocol.Recovered> BeginAsync(IRunStore store, Computation computation)
    {
        await using var ledger = new RunningLedger(store, computation: computation);
        ledger.Tell(new LedgerProtocol.Recover());
        return await ledger.Expect<LedgerProtocol.Recovered>();
    }
}
