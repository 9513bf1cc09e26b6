using System.Globalization;
using System.Threading.Channels;

namespace Involute.Commands;

/// <summary>Answers that wait to be sent to one client: their bytes are bounded, and who answers never waits.</summary>
/// <remarks>
/// Of a client that does not read, lines are left out and counted; the ends of answers are kept, whose number is bounded
/// because no further command is read meanwhile.
/// </remarks>
/// <param name="mostBytes">Bytes that may wait.</param>
internal sealed class ResponseQueue(int mostBytes)
{
    // A frame carries no more than this of a long answer.
    private const int MostText = 1 << 15;

    private readonly Channel<byte[]> _frames = Channel.CreateUnbounded<byte[]>(
        new UnboundedChannelOptions { SingleReader = true });

    private readonly Lock _gate = new();
    private TaskCompletionSource? _room;
    private long _bytes;
    private long _leftOut;

    /// <summary>Bytes that wait.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <summary>Gives an answer to a call.</summary>
    public void Offer(int id, CommandResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        var text = response.Text;
        while (text.Length > MostText)
        {
            var cut = text.LastIndexOf('\n', MostText) is > 0 and var line ? line : MostText;
            Offer(Output(id, text[..cut], final: false, response.IsError), isEnd: false);
            text = text[(text[cut] == '\n' ? cut + 1 : cut)..];
        }

        if (text.Length > 0 || response.IsFinal)
        {
            Offer(Output(id, text, response.IsFinal, response.IsError), response.IsFinal);
        }
    }

    /// <summary>Gives bytes of a frame.</summary>
    /// <param name="bytes">The frame.</param>
    /// <param name="isEnd">Whether it is never left out.</param>
    /// <param name="id">Number of the call that it answers.</param>
    public void Offer(byte[] bytes, bool isEnd, int id = 0)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        lock (_gate)
        {
            // An end comes with the note: an answer with a hole does not pass for a whole one.
            if (_bytes + bytes.Length > mostBytes && !isEnd)
            {
                _leftOut++;
                return;
            }

            if (_leftOut > 0)
            {
                Add(ConsoleFrames.Bytes(Output(id, LeftOut(), final: false, error: true)));
            }

            Add(bytes);
        }
    }

    /// <summary>Completes when a command may be read: at once, unless the client does not read its answers.</summary>
    public Task RoomAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_bytes < mostBytes / 2)
            {
                return Task.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>The frames to send, until no more is given.</summary>
    public IAsyncEnumerable<byte[]> TakeAsync(CancellationToken cancellation) => _frames.Reader.ReadAllAsync(cancellation);

    /// <summary>No more is given.</summary>
    public void Complete() => _frames.Writer.TryComplete();

    /// <summary>A frame has been sent.</summary>
    public void Sent(byte[] frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        lock (_gate)
        {
            _bytes -= frame.Length;
            if (_bytes < mostBytes / 2)
            {
                _room?.TrySetResult();
                _room = null;
            }
        }
    }

    private string LeftOut()
    {
        var text = string.Create(
            CultureInfo.InvariantCulture, $"({_leftOut} pieces of the answer are left out: they were not read in time)");
        _leftOut = 0;
        return text;
    }

    private void Add(byte[] frame)
    {
        _bytes += frame.Length;
        _frames.Writer.TryWrite(frame);
    }

    private void Offer(ServerFrame frame, bool isEnd) => Offer(ConsoleFrames.Bytes(frame), isEnd, frame.Id);

    private static ServerFrame Output(int id, string text, bool final, bool error) =>
        new() { Type = ServerFrame.Output, Id = id, Text = text, Final = final, Error = error };
}
