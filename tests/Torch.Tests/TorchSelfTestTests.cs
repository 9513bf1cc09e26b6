using Involute.Torch.Native;
using Involute.Torch.Tests.Support;
using Xunit;

namespace Involute.Torch.Tests;

public sealed class TorchSelfTestTests
{
    [Fact]
    public void The_installed_libtorch_passes()
    {
        TorchRequired.OrSkip();
        TorchSelfTest.Run();
        Assert.Equal(new Version(2, 10, 0), TorchRuntime.LibtorchVersion);
    }

    [Fact]
    public void A_failed_check_says_in_one_line_what_was_expected()
    {
        var problem = Assert.Throws<TorchUnavailableException>(() => TorchSelfTest.Check("threads", 1, 8));
        Assert.Contains("threads is 8, not 1", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem.Message);
        TorchSelfTest.Check("threads", 1, 1);
    }
}
