using Involute.Processes.Children;
using Involute.Tests;
using Xunit;

namespace Involute.Processes.Tests;

public sealed class BackOffTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Pauses_grow_with_failures_in_a_row_and_end_with_a_success()
    {
        var pauses = new BackOff(_time);
        Assert.Equal(TimeSpan.Zero, pauses.Remaining());
        foreach (var seconds in new[] { 0, 0.2, 0.5, 1, 2, 5, 5 })
        {
            pauses.Failed();
            Assert.Equal(TimeSpan.FromSeconds(seconds), pauses.Remaining());
        }

        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(TimeSpan.FromSeconds(1), pauses.Remaining());
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(TimeSpan.Zero, pauses.Remaining());
        pauses.Succeeded();
        pauses.Failed();
        Assert.Equal(TimeSpan.Zero, pauses.Remaining());
    }

    [Fact]
    public void A_wait_ends_with_its_token()
    {
        var pauses = new BackOff(_time);
        for (var i = 0; i < 6; i++)
        {
            pauses.Failed();
        }

        using var ended = new CancellationTokenSource();
        ended.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => pauses.Wait(ended.Token));
    }
}
