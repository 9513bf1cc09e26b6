using System.Text;
using Involute.Host.Errors;

namespace Involute.Host.Output;

/// <summary>
/// Standard output and standard error of this process: writing to them never throws, and while a run goes on it never
/// waits.
/// </summary>
/// <remarks>
/// A full disk under a log, a terminal that is gone or halted, and a pipe without a reader must not end or hold up a run.
/// For a command whose output is its result, see <see cref="Conclude"/>.
/// </remarks>
internal sealed class StandardStreams
{
    // Lines of a stream that wait for a reader; those that come then are lost.
    private const int MostWaiting = 1024;

    private readonly object _gate = new();
    private readonly Queue<(StandardStream To, ReadOnlyMemory<byte> Bytes)> _waiting = [];
    private StandardStream? _writing;
    private bool _isOver;
    private Thread? _writer;

    /// <summary>Two streams over any sinks.</summary>
    public StandardStreams(Stream output, Stream errors)
    {
        Output = new StandardStream("standard output", output, Pass);
        Errors = new StandardStream("standard error", errors, Pass);
    }

    /// <summary>How long the end waits for a reader.</summary>
    public TimeSpan LongestFlush { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Standard output.</summary>
    public StandardStream Output { get; }

    /// <summary>Standard error.</summary>
    public StandardStream Errors { get; }

    /// <summary>Makes the console write to them from now on.</summary>
    public static StandardStreams Install()
    {
        var streams = OperatingSystem.IsWindows()
            ? new StandardStreams(Console.OpenStandardOutput(), Console.OpenStandardError())
            : new StandardStreams(new Descriptor(1), new Descriptor(2));
        Console.SetOut(Writer(streams.Output, Console.Out.Encoding));
        Console.SetError(Writer(streams.Errors, Console.Error.Encoding));
        return streams;
    }

    /// <summary>From now on writing does not wait for the reader: the work is more than what is told of it.</summary>
    public void DoNotWait()
    {
        // One thread for both, so that a terminal shows their lines in order.
        _writer = new Thread(WriteAll) { IsBackground = true, Name = "standard streams" };
        _writer.Start();
    }

    /// <summary>The end of the process: writes what waits, for as long as that takes no time worth mentioning.</summary>
    /// <param name="code">The command's exit code.</param>
    /// <returns>
    /// The process's: a command that has only its output to show for itself has failed if that could not be written.
    /// </returns>
    public int Conclude(int code)
    {
        if (_writer is not null)
        {
            Flush(_writer);
            return code;
        }

        // A reader like 'head' that has seen enough is no failure.
        if (Output is not { Failure: { } failure, IsUnread: false })
        {
            return code;
        }

        Errors.Put(Encoding.UTF8.GetBytes($"involute: {failure}\n"));
        return code == ExitCode.Ok ? ExitCode.InputOutput : code;
    }

    private static StreamWriter Writer(Stream stream, Encoding encoding) => new(stream, encoding) { AutoFlush = true };

    private void Pass(StandardStream to, ReadOnlyMemory<byte> bytes)
    {
        if (_writer is null)
        {
            to.Put(bytes.Span);
            return;
        }

        lock (_gate)
        {
            // Each stream has its own limit: one that is stuck must not cost the other its last words.
            if (!_isOver && _waiting.Count(next => next.To == to) < MostWaiting)
            {
                _waiting.Enqueue((to, bytes));
                Monitor.Pulse(_gate);
            }
        }
    }

    private void WriteAll()
    {
        while (Next() is var (to, bytes))
        {
            Put(to, bytes);
        }
    }

    // Null at the end.
    private (StandardStream To, ReadOnlyMemory<byte> Bytes)? Next()
    {
        lock (_gate)
        {
            _writing = null;
            while (_waiting.Count == 0 && !_isOver)
            {
                Monitor.Wait(_gate);
            }

            if (!_waiting.TryDequeue(out var next))
            {
                return null;
            }

            _writing = next.To;
            return next;
        }
    }

    private void Put(StandardStream to, ReadOnlyMemory<byte> bytes)
    {
        if (to.Put(bytes.Span) is { } failure)
        {
            (to == Output ? Errors : Output).Put(Encoding.UTF8.GetBytes($"warning: {failure}: the run goes on\n"));
        }
    }

    private void Flush(Thread writer)
    {
        lock (_gate)
        {
            _isOver = true;
            Monitor.Pulse(_gate);
        }

        if (writer.Join(LongestFlush))
        {
            return;
        }

        // One of the streams is stuck; the last words may still reach the user by the other, if that is not stuck, too.
        (StandardStream To, ReadOnlyMemory<byte> Bytes)[] others;
        lock (_gate)
        {
            others = [.. _waiting.Where(next => next.To != _writing)];
        }

        var last = new Thread(() => Array.ForEach(others, next => Put(next.To, next.Bytes)))
        {
            IsBackground = true,
            Name = "last words",
        };
        last.Start();
        last.Join(LongestFlush);
    }
}
