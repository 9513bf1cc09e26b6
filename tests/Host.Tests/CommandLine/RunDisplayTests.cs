using System.Threading.Channels;
using Involute.Host.Commands;
using Involute.Host.Errors;
using Involute.Host.Reporting;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary><c>show --watch</c>, with a clock that only the test moves.</summary>
public sealed class RunDisplayTests
{
    private readonly Ticks _time = new();
    private readonly Channel<string> _shown = Channel.CreateUnbounded<string>();
    private readonly Queue<(RunSummary, string?)> _looks = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_is_shown_with_each_tick_of_two_seconds_until_it_ends()
    {
        Look("running", 3);
        Look("running", 5);
        Look("finished", 6);
        var ending = Display().ShowAsync(again: true, Token);

        Assert.Equal("running 3 first", await _shown.Reader.ReadAsync(Token));
        Assert.Equal(TimeSpan.FromSeconds(2), _time.Period);

        // Nothing is looked at without a tick.
        Assert.Equal(2, _looks.Count);
        _time.Tick();
        Assert.Equal("running 5", await _shown.Reader.ReadAsync(Token));
        Assert.Single(_looks);
        _time.Tick();
        Assert.Equal("finished 6", await _shown.Reader.ReadAsync(Token));
        await ending;
        Assert.True(_time.IsDisposed);
    }

    [Theory]
    [InlineData("running", false)]
    [InlineData("finished", true)]
    [InlineData("interrupted", true)]
    public async Task Without_the_option_or_when_it_does_not_run_it_is_shown_once(string status, bool watch)
    {
        Look(status, 3);
        await Display().ShowAsync(watch, Token);
        Assert.Equal($"{status} 3 first", await _shown.Reader.ReadAsync(Token));
        Assert.False(_shown.Reader.TryRead(out _));
    }

    [Fact]
    public async Task What_is_wrong_is_said_after_what_can_be_shown_and_ends_it()
    {
        Look("running", 3);
        Look("running", 4, "event 7 is damaged");
        var ending = Display().ShowAsync(again: true, Token);
        Assert.Equal("running 3 first", await _shown.Reader.ReadAsync(Token));
        _time.Tick();
        Assert.Equal("running 4", await _shown.Reader.ReadAsync(Token));

        var refusal = await Assert.ThrowsAsync<CommandException>(() => ending);
        Assert.Equal(("event 7 is damaged", ExitCode.Data), (refusal.Message, refusal.Code));
    }

    [Fact]
    public async Task A_signal_ends_it()
    {
        using var signal = new CancellationTokenSource();
        Look("running", 3);
        var ending = Display().ShowAsync(again: true, signal.Token);
        Assert.Equal("running 3 first", await _shown.Reader.ReadAsync(Token));
        await signal.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ending);
        Assert.True(_time.IsDisposed);
    }

    private void Look(string status, long step, string? problem = null) =>
        _looks.Enqueue((new RunSummary("a", status, step, "", null, 0, "", "", "", 0), problem));

    private RunDisplay Display() => new(
        _looks.Dequeue,
        (summary, isFirst) => _shown.Writer.TryWrite($"{summary.Status} {summary.OuterStep}{(isFirst ? " first" : "")}"),
        _time);

    private sealed class Ticks : TimeProvider
    {
        private Action _tick = () => { };

        public TimeSpan Period { get; private set; }

        public bool IsDisposed { get; private set; }

        public void Tick() => _tick();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_tick, Period) = (() => callback(state), period);
            return new Timer(this);
        }

        private sealed class Timer(Ticks time) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() => time.IsDisposed = true;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
