using System.Text;
using Involute.Host.Output;
using Xunit;

namespace Involute.Host.Tests.Output;

public sealed class StandardStreamsTests : IDisposable
{
    private const int BrokenPipe = 32;

    private readonly FakeSink _output = new();
    private readonly FakeSink _errors = new();
    private readonly StandardStreams _streams;

    public StandardStreamsTests() =>
        _streams = new StandardStreams(_output, _errors) { LongestFlush = TimeSpan.Zero };

    public void Dispose()
    {
        _output.Dispose();
        _errors.Dispose();
    }

    [Fact]
    public void A_result_that_cannot_be_written_is_a_failure_with_a_line()
    {
        _output.Failure = new IOException("no space");
        Write(_streams.Output, "{}");
        Write(_streams.Output, "{}");
        Assert.Equal("", _errors.Text);
        Assert.Equal(74, _streams.Conclude(0));
        Assert.Equal("involute: standard output cannot be written: no space\n", _errors.Text);
    }

    [Theory]
    [InlineData(65, 65)]
    [InlineData(0, 74)]
    public void The_code_of_a_command_that_failed_anyway_stays(int code, int expected)
    {
        _output.Failure = _errors.Failure = new IOException("no space");
        Write(_streams.Output, "result");
        Write(_streams.Errors, "reason");
        Assert.Equal(expected, _streams.Conclude(code));
    }

    [Fact]
    public void A_line_of_error_that_cannot_be_written_changes_no_code()
    {
        _errors.Failure = new IOException("no space");
        Write(_streams.Errors, "reason");
        Assert.Equal(0, _streams.Conclude(0));
    }

    [Fact]
    public void A_reader_that_has_seen_enough_is_no_failure()
    {
        _output.Failure = new IOException("broken pipe", BrokenPipe);
        Write(_streams.Output, "result");
        Assert.Equal(0, _streams.Conclude(0));
        Assert.Equal("", _errors.Text);
    }

    [Fact]
    public void What_work_cannot_tell_is_one_warning_on_the_other_stream_and_is_tried_again()
    {
        _streams.DoNotWait();
        _output.Failure = new IOException("no space");
        Write(_streams.Output, "step 1\n");
        Write(_streams.Output, "step 2\n");
        Write(_streams.Errors, "a line of the run\n");
        _errors.WaitFor("a line of the run\n");
        _output.Failure = null;
        Write(_streams.Output, "step 3\n");
        _output.WaitFor("step 3\n");
        Assert.Equal(0, _streams.Conclude(0));
        Assert.Equal("step 3\n", _output.Text);
        Assert.Equal(
            "warning: standard output cannot be written: no space: the run goes on\na line of the run\n", _errors.Text);
    }

    [Fact]
    public void Work_does_not_wait_for_a_reader_that_sleeps()
    {
        _streams.DoNotWait();
        StickOutput(lines: 10_000);

        Assert.Equal(143, _streams.Conclude(143));
        _output.Block(false);
    }

    [Fact]
    public void The_last_words_come_though_the_other_stream_is_stuck()
    {
        _streams.DoNotWait();
        StickOutput(lines: 1);
        Write(_streams.Errors, "stopped\n");
        Assert.Equal(143, _streams.Conclude(143));
        _errors.WaitFor("stopped\n");
        _output.Block(false);
    }

    [Fact]
    public void Two_streams_that_are_stuck_do_not_hold_up_the_end()
    {
        _streams.DoNotWait();
        _output.Block(true);
        _errors.Block(true);
        Write(_streams.Output, "step\n");
        _output.WaitForWriter();
        Write(_streams.Errors, "stopped\n");
        Assert.Equal(143, _streams.Conclude(143));
        _output.Block(false);
        _errors.Block(false);
    }

    [Fact]
    public void A_stream_that_is_stuck_for_long_does_not_cost_the_other_its_last_words()
    {
        _streams.DoNotWait();
        StickOutput(lines: 10_000);

        Write(_streams.Errors, "stopped\n");
        Assert.Equal(143, _streams.Conclude(143));
        _errors.WaitFor("stopped\n");
        _output.Block(false);
    }

    // The first line blocks the one that writes; the others wait behind it.
    private void StickOutput(int lines)
    {
        _output.Block(true);
        Write(_streams.Output, "step\n");
        _output.WaitForWriter();
        for (var line = 1; line < lines; line++)
        {
            Write(_streams.Output, "step\n");
        }
    }

    private static void Write(Stream stream, string text) => stream.Write(Encoding.UTF8.GetBytes(text));

    private sealed class FakeSink : WriteOnlyStream
    {
        private readonly StringBuilder _text = new();
        private bool _isBlocked;
        private bool _isEntered;

        public IOException? Failure { get; set; }

        public string Text
        {
            get
            {
                lock (_text)
                {
                    return _text.ToString();
                }
            }
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            lock (_text)
            {
                _isEntered = true;
                Monitor.PulseAll(_text);
                while (_isBlocked)
                {
                    Monitor.Wait(_text);
                }

                if (Failure is { } failure)
                {
                    throw failure;
                }

                _text.Append(Encoding.UTF8.GetString(buffer));
                Monitor.PulseAll(_text);
            }
        }

        public void Block(bool isBlocked)
        {
            lock (_text)
            {
                _isBlocked = isBlocked;
                Monitor.PulseAll(_text);
            }
        }

        public void WaitForWriter()
        {
            lock (_text)
            {
                while (!_isEntered)
                {
                    Monitor.Wait(_text);
                }
            }
        }

        public void WaitFor(string part)
        {
            lock (_text)
            {
                while (!_text.ToString().Contains(part, StringComparison.Ordinal))
                {
                    Monitor.Wait(_text);
                }
            }
        }
    }
}
