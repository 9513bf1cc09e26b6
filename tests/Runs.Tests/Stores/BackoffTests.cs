using Involute.Runs.Stores;
using Xunit;

namespace Involute.Runs.Tests.Stores;

public sealed class BackoffTests
{
    [Fact]
    public void Pauses_double_up_to_the_longest_and_end()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), 5);

        var pauses = Enumerable.Range(1, 6).Select(attempt => backoff.Before(attempt)?.TotalSeconds);

        Assert.Equal([1, 2, 4, 5, 5, null], pauses);
    }
}
