using Xunit;

namespace Involute.Runs.Tests;

public sealed class InnermostCauseTests
{
    [Fact]
    public void It_is_found_through_exceptions_of_several_tasks_and_others()
    {
        var cause = new IOException("the cause");
        var around = new AggregateException(new AggregateException(new InvalidOperationException("around", cause)));

        Assert.Same(cause, around.Innermost());
        Assert.Same(cause, cause.Innermost());
    }
}
