using Involute.Processes.Frames;

namespace Involute.Processes.Children;

/// <summary>A running child: it is asked, and answers. For one thread at a time.</summary>
internal sealed class ChildProcess : IDisposable
{
    // What a process that was told to end, or killed, may take for it; and its last words, to be read.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(200);

    private readonly ChildSettings _settings;
    private readonly SharedFile _file;
    private readonly ChildTree _tree;
    private readonly ChildTalk _talk;
    private readonly ErrorReader _errors;
    private readonly Deadline _deadline;
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly FrameChannel _frames;

    private ChildProcess(ChildSettings settings, ChildVoice voice, SharedFile file, ChildTree tree)
    {
        (_settings, _file, _tree) = (settings, file, tree);
        _talk = new ChildTalk(voice, settings.Time);
        _errors = new ErrorReader(tree.Process.StandardError.BaseStream, _talk);
        _deadline = new Deadline(tree, settings.Timeout, settings.Time);
        _input = tree.Process.StandardInput.BaseStream;
        _output = tree.Process.StandardOutput.BaseStream;
        _frames = new FrameChannel(_input, _output, file, () => tree.HasEnded);
    }

    /// <summary>Its owner has gone without ending it.</summary>
    ~ChildProcess() => _tree.Kill();

    /// <summary>What it said first.</summary>
    public ChildGreeting Greeting { get; private set; } = null!;

    /// <summary>Number of the process.</summary>
    public int Id => _tree.Id;

    /// <summary>Whether it can be asked no more.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether it has ended by itself.</summary>
    public bool HasEnded => _tree.HasEnded;

    /// <summary>Starts a child and waits for its greeting.</summary>
    /// <exception cref="ProcessException">It cannot be started, or does not greet as the protocol wants it.</exception>
    public static ChildProcess Start(ChildSettings settings, ChildVoice voice)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var file = MakeFile(settings);
        ChildProcess child;
        try
        {
            child = new ChildProcess(settings, voice, file, ChildLauncher.Start(settings.Command));
        }
        catch
        {
            file.Dispose();
            throw;
        }

        try
        {
            child.Greet();
            return child;
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }

    /// <summary>Where the payload of the next request is written; what is not written is what was there before.</summary>
    public Span<byte> Request(int length) => _frames.Request(length);

    /// <summary>Sends the request and waits for the answer.</summary>
    /// <param name="kind">What is asked.</param>
    /// <param name="length">Bytes of the request; its preface is written here.</param>
    /// <param name="answerLength">Bytes that the answer must have.</param>
    /// <param name="place">Where the run stands.</param>
    /// <returns>The answer's payload; valid until the next call.</returns>
    /// <exception cref="ProcessException">It failed. Unless it answered with an error, it is broken.</exception>
    public ReadOnlySpan<byte> Call(FrameKind kind, int length, int answerLength, CallPlace place)
    {
        var answerAt = Prepare(length, answerLength, place);
        _talk.Enter(place.Pair);
        _deadline.Begin();
        try
        {
            // An exception before the answer is whole leaves a child that cannot be asked again.
            IsBroken = true;
            _frames.RequireSilence();
            _frames.Send(kind, length);
            var answer = _frames.Receive(kind, answerLength, answerAt, out var isError);
            IsBroken = false;
            return _deadline.HasPassed ? throw Fault(Late, place)
                : isError ? throw Error(answer, place)
                : answer;
        }
        catch (Exception cause) when (IsOfChild(cause))
        {
            throw Lost(cause, place);
        }
        finally
        {
            // A call that was over just before it was late has a child that is killed nevertheless.
            _deadline.End();
            IsBroken |= _deadline.HasPassed;
            _talk.Leave();
        }
    }

    /// <summary>The child has done what it must not do: it is ended.</summary>
    /// <param name="what">What.</param>
    /// <param name="place">Where the run stands; null in the greeting.</param>
    /// <returns>To be thrown.</returns>
    public ProcessException Fault(string what, CallPlace? place)
    {
        IsBroken = true;
        _tree.Kill();
        return Line(what, place);
    }

    /// <summary>How it has ended, in words, with the last that it said.</summary>
    public string Ending()
    {
        var ending = _tree.Ending(Patience);
        _errors.Wait(LastWords);
        var words = _errors.LastLine;
        return $"{(ending is null ? "closed its standard output" : $"ended with {ending}")}{(words.Length == 0 ? "" : $": {words}")}";
    }

    /// <summary>Tells it to end, and does not wait.</summary>
    public void CloseInput()
    {
        try
        {
            _input.Dispose();
        }
        catch (IOException)
        {
            // It has ended.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        IsBroken = true;
        CloseInput();
        if (_tree.Ending(Patience) is null)
        {
            _tree.Kill();
            _tree.Ending(Patience);
        }

        // Its last lines, and how many were not told, belong to its time. A process that it has left behind may hold the stream.
        _errors.Wait(Patience);
        _deadline.Dispose();
        _output.Dispose();
        _file.Dispose();
    }

    private string Late
    {
        get
        {
            _errors.Wait(LastWords);
            var late = FormattableString.Invariant($"gave no answer within {_settings.Timeout.TotalSeconds} s (involute.task.timeout)");
            return _errors.LastLine is { Length: > 0 } words ? $"{late}; its last line was: {words}" : late;
        }
    }

    private static SharedFile MakeFile(ChildSettings settings)
    {
        try
        {
            return SharedFile.Create();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new ProcessException($"{settings.Command}: no file can be made to share with it: {OneLine.Of(cause.Message)}");
        }
    }

    private static bool IsOfChild(Exception cause) =>
        cause is FormatException or (IOException and not ProcessException) or ObjectDisposedException;

    private void Greet()
    {
        var own = OwnGreeting.Of(_file.Path);
        own.CopyTo(Request(own.Length));
        _deadline.Begin();
        try
        {
            _frames.Send(FrameKind.Greeting, own.Length);
            var (kind, payload) = _frames.ReceiveGreeting();
            if (kind == FrameKind.Error)
            {
                throw Error(payload, place: null);
            }

            Greeting = ReadGreeting(payload);
            _file.RemoveName();
        }
        catch (Exception cause) when (IsOfChild(cause))
        {
            throw Lost(cause, place: null);
        }
        finally
        {
            _deadline.End();
        }
    }

    private static ChildGreeting ReadGreeting(byte[] payload)
    {
        try
        {
            return GreetingReader.Read(payload);
        }
        catch (FormatException wrong)
        {
            throw new FormatException($"its greeting {wrong.Message}");
        }
    }

    private long Prepare(int length, int answerLength, CallPlace place)
    {
        try
        {
            return _frames.Prepare(place.Lanes, length, answerLength);
        }
        catch (IOException cause)
        {
            throw Fault($"the file that is shared with it cannot grow for {length} and {answerLength} bytes: {OneLine.Of(cause.Message)}", place);
        }
    }

    private ProcessException Lost(Exception cause, CallPlace? place) =>
        _deadline.HasPassed ? Fault(Late, place)
        : cause is FormatException ? Fault(cause.Message, place)
        : Ended(place);

    private ProcessException Ended(CallPlace? place)
    {
        var ending = Ending();
        return Fault(ending, place);
    }

    private ProcessException Error(ReadOnlySpan<byte> payload, CallPlace? place)
    {
        var error = ChildError.Read(payload.ToArray());
        _talk.Say(error.Trace);
        return Line(error.Line, place);
    }

    private ProcessException Line(string what, CallPlace? place) =>
        new($"{_settings.Command}: {what}{(place is null ? " (in its greeting)" : $" ({place})")}");
}
