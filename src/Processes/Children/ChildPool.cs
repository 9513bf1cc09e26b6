using Involute.Processes.Frames;
using Involute.Tasks.Unrolls;

namespace Involute.Processes.Children;

/// <summary>
/// The children of one problem: each call has one for itself, so that as many run as threads call, up to a limit.
/// </summary>
internal sealed class ChildPool : IDisposable
{
    private readonly ChildSettings _settings;
    private readonly ChildVoice _voice;
    private readonly ProgramFiles _files;
    private readonly BackOff _backOff;
    private readonly SemaphoreSlim? _free;
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _gate = new();
    private readonly Stack<ChildProcess> _idle = [];
    private ChildGreeting? _first;

    /// <summary>Starts none yet.</summary>
    public ChildPool(ChildSettings settings, ChildVoice voice)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (_settings, _voice) = (settings, voice);
        _files = new ProgramFiles(settings.Files);
        _backOff = new BackOff(settings.Time);
        _free = settings.Processes > 0 ? new SemaphoreSlim(settings.Processes) : null;
    }

    /// <summary>Starts the first child, and keeps it.</summary>
    /// <returns>What it says of the problem.</returns>
    /// <exception cref="ProcessException">It fails.</exception>
    public ChildGreeting Greet()
    {
        var child = Rent();
        Return(child);
        return child.Greeting;
    }

    /// <summary>A child for one call; it waits where all are in use.</summary>
    /// <exception cref="ProcessException">Another child cannot be started, or is not like the first.</exception>
    /// <exception cref="ObjectDisposedException">The pool has ended.</exception>
    public ChildProcess Rent()
    {
        try
        {
            _free?.Wait(_ended.Token);
        }
        catch (OperationCanceledException)
        {
            throw new ObjectDisposedException(nameof(ChildPool));
        }

        try
        {
            return Idle() ?? Start();
        }
        catch
        {
            _free?.Release();
            throw;
        }
    }

    /// <summary>The call is over, well or not.</summary>
    public void Return(ChildProcess child)
    {
        ArgumentNullException.ThrowIfNull(child);
        if (child.IsBroken)
        {
            _backOff.Failed();
            child.Dispose();
        }
        else
        {
            _backOff.Succeeded();
            Keep(child);
        }

        _free?.Release();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _ended.Cancel();
        }

        EndIdle();
    }

    /// <summary>Ends the children that are in no call.</summary>
    public void EndIdle()
    {
        ChildProcess[] idle;
        lock (_gate)
        {
            idle = [.. _idle];
            _idle.Clear();
        }

        foreach (var child in idle)
        {
            child.CloseInput();
        }

        foreach (var child in idle)
        {
            child.Dispose();
        }
    }

    private void Keep(ChildProcess child)
    {
        lock (_gate)
        {
            if (!_ended.IsCancellationRequested)
            {
                _idle.Push(child);
                return;
            }
        }

        child.Dispose();
    }

    // One that was killed while it had nothing to do has lost nothing.
    private ChildProcess? Idle()
    {
        while (true)
        {
            ChildProcess? child;
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_ended.IsCancellationRequested, this);
                if (!_idle.TryPop(out child))
                {
                    return null;
                }
            }

            if (!child.HasEnded)
            {
                return child;
            }

            _voice.Say(new ProblemLine(
                Pair: null, $"{_settings.Command}: {child.Ending()} (between two calls); another one is started"));
            child.Dispose();
        }
    }

    private ChildProcess Start()
    {
        try
        {
            _backOff.Wait(_ended.Token);
        }
        catch (OperationCanceledException)
        {
            throw new ObjectDisposedException(nameof(ChildPool));
        }

        try
        {
            if (_files.Changed() is { } changed)
            {
                throw new ProcessException(
                    $"{_settings.Command}: {changed} was written since the first one was started, and another one would compute otherwise");
            }

            var child = ChildProcess.Start(_settings, _voice);
            Compare(child);
            return child;
        }
        catch
        {
            _backOff.Failed();
            throw;
        }
    }

    private void Compare(ChildProcess child)
    {
        lock (_gate)
        {
            _first ??= child.Greeting;
        }

        if (child.Greeting.DifferenceFrom(_first) is { } difference)
        {
            var fault = child.Fault($"greets with another {difference} than the first child did", place: null);
            child.Dispose();
            throw fault;
        }
    }
}
