namespace Involute.Host.Running;

/// <summary>Writes files that only people read: one that cannot be written is worth a line, and no more.</summary>
/// <param name="warn">Takes a line when a file cannot be written for the first time, and when it can again.</param>
internal sealed class FilesForPeople(Action<string> warn)
{
    // The steps that a file lacks, from the first failure on.
    private readonly Dictionary<string, (long First, long Last)> _missing = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Writes a file, or warns.</summary>
    public void Write(string path, Action write)
    {
        if (Reason(write) is { } reason)
        {
            warn($"{path} cannot be written: {reason}");
        }
    }

    /// <summary>Opens a file to which outer steps are appended, or takes note that it is not open.</summary>
    /// <param name="path">The file.</param>
    /// <param name="next">The outer step that is appended first.</param>
    /// <param name="open">Opens it.</param>
    public void Open(string path, long next, Action open) => Try(path, next, next - 1, open);

    /// <summary>Appends an outer step to a file, or takes note that the file lacks it.</summary>
    public void WriteStep(string path, long step, Action write) => Try(path, step, step, write);

    /// <summary>Draws pictures, or warns: a library for pictures may fail in ways of its own.</summary>
    public void Draw(Action draw)
    {
        try
        {
            draw();
        }
        catch (Exception cause)
        {
            warn($"the plots cannot be drawn: {cause.Message.ReplaceLineEndings(" ")}");
        }
    }

    private void Try(string path, long first, long last, Action write)
    {
        lock (_gate)
        {
            TryAlone(path, first, last, write);
        }
    }

    // The warning may lead here again: it is written down too.
    private void TryAlone(string path, long first, long last, Action write)
    {
        if (Reason(write) is { } reason)
        {
            var isNew = !_missing.TryGetValue(path, out var missing);
            _missing[path] = isNew ? (first, last) : missing with { Last = last };
            if (isNew)
            {
                warn($"{path} cannot be written: {reason}; the run goes on, and each step tries again");
            }
        }
        else if (_missing.Remove(path, out var lacked))
        {
            warn(lacked.Last < lacked.First
                ? $"{path} is written again"
                : $"{path} is written again; it lacks outer steps {lacked.First} to {lacked.Last}");
        }
    }

    private static string? Reason(Action write)
    {
        try
        {
            write();
            return null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return cause.Message.ReplaceLineEndings(" ");
        }
    }
}
