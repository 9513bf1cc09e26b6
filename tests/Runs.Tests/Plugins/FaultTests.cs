using System.Reflection;
using Involute.Runs.Plugins;
using Xunit;

namespace Involute.Runs.Tests.Plugins;

/// <summary>What an exception is told as.</summary>
public sealed class FaultTests
{
    [Fact]
    public void The_first_frame_that_is_neither_ours_nor_the_frameworks_is_named()
    {
        // An assembly that stands for a user's.
        var thrown = Record.Exception(() => Assert.Fail("on\npurpose"))!;
        Assert.StartsWith("FailException: on purpose (in Xunit.Assert.Fail", Fault.InOneLine(thrown), StringComparison.Ordinal);
        Assert.Equal(Fault.InOneLine(thrown), Fault.InOneLine(new TargetInvocationException(thrown)));
    }

    [Fact]
    public void Where_there_is_none_the_line_ends_with_the_message()
    {
        try
        {
            var one = new byte[1];
            one[int.MaxValue] = 1;
            Assert.Fail("no exception");
        }
        catch (IndexOutOfRangeException thrown)
        {
            Assert.Equal($"IndexOutOfRangeException: {thrown.Message}", Fault.InOneLine(thrown));
        }
    }

    [Fact]
    public void The_native_stack_that_libtorch_appends_is_left_out() => Assert.Equal(
        "InvalidOperationException: shapes cannot be multiplied (2x3 and 4x5)",
        Fault.InOneLine(new InvalidOperationException(
            "shapes cannot be multiplied (2x3 and 4x5)\nException raised from meta at /a/b.cpp:204 (most recent call first):\n"
                + "frame #0: c10::Error::Error")));
}
