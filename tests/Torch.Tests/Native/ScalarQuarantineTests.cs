using Involute.Torch.Native;
using Involute.Torch.Tests.Support;
using Xunit;

namespace Involute.Torch.Tests.Native;

[Trait("Speed", "slow")]
public sealed class ScalarQuarantineTests
{
    private const string CuredIn = "INVOLUTE_TEST_SCALARS_CURED";
    private const string FreedIn = "INVOLUTE_TEST_SCALARS_FREED";

    [Fact]
    public async Task A_million_sums_on_two_threads_beside_the_garbage_collector_are_right()
    {
        RequireCure();
        var (code, output) = await ChildProcess.RunAsync(typeof(ScalarStressCured), (CuredIn, "1"));
        Assert.True(code == 0, output);
    }

    /// <summary>The same without the cure fails, or the test above shows nothing.</summary>
    [Fact]
    public async Task Without_the_cure_some_fail()
    {
        RequireCure();
        var (code, output) = await ChildProcess.RunAsync(
            typeof(ScalarStressFreed), (FreedIn, "1"), (TorchLibraries.PatchVariable, "off"));

        // 0: failures were counted; any other than a failed test: the process crashed, which is a failure of the same
        // kind.
        Assert.True(code is not 1, output);
    }

    private static void RequireCure()
    {
        TorchRequired.OrSkip();
        Assert.SkipUnless(TorchRuntime.AllowsThreads, "numbers are kept on Linux on x64 only: elsewhere torch has one thread");
    }

    public sealed class ScalarStressCured
    {
        [Fact]
        public void Sums()
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable(CuredIn) == "1", "run by the test of its process");
            Assert.True(TorchRuntime.AllowsThreads);
            var (right, failed, first) = ScalarStress.Run(1_000_000, enough: 1);
            Assert.Equal((0L, ""), (failed, first));
            Assert.InRange(right, 1_000_000, long.MaxValue);
            Assert.InRange(ScalarQuarantine.Count, ScalarQuarantine.Least, long.MaxValue);
            Assert.InRange(ScalarQuarantine.Kept, 0, ScalarQuarantine.Least * 2);
        }
    }

    public sealed class ScalarStressFreed
    {
        [Fact]
        public void Sums()
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable(FreedIn) == "1", "run by the test of its process");
            Assert.False(TorchRuntime.AllowsThreads);
            var (_, failed, first) = ScalarStress.Run(100_000_000, enough: 1);
            Assert.True(failed > 0);
            TestContext.Current.SendDiagnosticMessage(first);
        }
    }
}
