using Involute.Runs.Ledger;
using Involute.Tests;
using Xunit;

namespace Involute.Runs.Tests.Ledger;

public sealed class ComputationRulesTests
{
    private static readonly Computation Before = Sample.Computation;

    public static TheoryData<Computation, string> Differences => new()
    {
        { Before with { DataSha256 = "da7a" }, "data (da7a, not " + Before.DataSha256[..12] + ")" },
        { Before with { Modules = "Involute.A 01\nInvolute.B 03" }, "the build of Involute.B (03, not 02)" },
        { Before with { Modules = Before.Modules + "\nMine 04" }, "the build of Mine (04, not none)" },
        { Before with { Modules = Before.Modules + "\nMy own 04\nMy task 05" }, "the build of My own (04, not none)" },
        { Before with { Modules = Before.Modules + "\nMine 04\nMine 05" }, "the build of Mine (05, not none)" },
        { Before with { Modules = "no_module" }, "the build of Involute.A (none, not 01)" },
        { Before with { Runtime = ".NET 11" }, "the runtime (.NET 11, not .NET 10)" },
        { Before with { Vectors = "none" }, "vector instructions (none, not 256 bits)" },
        {
            Before with { Fingerprint = "f00d" },
            "the numbers that a trial gives (f00d, not " + Before.Fingerprint[..12] + ")"
        },
    };

    [Theory]
    [MemberData(nameof(Differences))]
    public void The_first_difference_is_named(Computation other, string words) =>
        Assert.Equal(words, other.Difference(Before));

    [Fact]
    public void A_version_alone_is_no_difference()
    {
        var renamed = Before with { Program = "involute 9.9.9" };

        Assert.Null(renamed.Difference(Before));
        Assert.Null(ComputationRules.Refusal(Before, renamed));
        Assert.Null(ComputationRules.Note(Before, renamed));
    }

    [Fact]
    public void An_upgrade_that_computes_the_same_goes_on_and_is_told()
    {
        var upgrade = Before with { Program = "involute 2.0.0", Modules = "Involute.A 05\nInvolute.B 02" };

        Assert.Null(ComputationRules.Refusal(Before, upgrade));
        Assert.Equal(
            "another build goes on (involute 2.0.0, before involute 1.2.3; it differs in the build of Involute.A (05, not "
            + "01)): a trial gives the same numbers, and the ledger records the new build",
            ComputationRules.Note(Before, upgrade));
    }

    [Fact]
    public void An_upgrade_that_computes_something_else_does_not_go_on()
    {
        var upgrade = Before with { Modules = "Involute.A 05\nInvolute.B 02", Fingerprint = "f00d" };

        Assert.Equal(
            "this program computes something else than involute 1.2.3 did: the build of Involute.A (05, not 01); go on "
            + "with that build, or begin another run",
            ComputationRules.Refusal(Before, upgrade));
    }

    [Fact]
    public void The_same_build_that_gives_other_numbers_here_does_not_go_on() => Assert.StartsWith(
        "the same program gives other numbers here than where involute 1.2.3 began: the numbers that a trial gives (f00d",
        ComputationRules.Refusal(Before, Before with { Fingerprint = "f00d" }),
        StringComparison.Ordinal);

    [Fact]
    public void Other_data_do_not_go_on_even_if_a_trial_gives_the_same()
    {
        var other = Before with { DataSha256 = "da7a" };

        Assert.StartsWith(
            "the run's data is not what it was: data (da7a, not ", ComputationRules.Refusal(Before, other),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_ledger_that_does_not_say_what_computed_it_goes_on()
    {
        Assert.Null(ComputationRules.Refusal(null, Before));
        Assert.Null(ComputationRules.Note(null, Before));
    }
}
