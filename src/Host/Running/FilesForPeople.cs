namespace Involute.Host.Running;

/// <summary>Writes files that only people read: one that cannot be written is worth a line, and no more.</summary>
/// <param name="warn">Takes a line when a file cannot be written for the first time, and when it can again.</param>
internal sealed class FilesForPeople(Action<string> warn)
{
    // The steps that a file lacks, from the first failure on.
    private readonly Dictionary<string, (long First, long Last)> _missing = new(StringComparer.Ordinal);

    /// <summary>Writes a file, or warns.</summary>
    public void Write(string path, Action write)
    {
        if (Reason(write) is { } reason)
        {
            warn($"{path} cannot be written: {reason}");
        }
    }

    /// <summary>Appends an outer step to a file, or takes note that the file lacks it.</summary>
    public void WriteStep(string path, long step, Action write)
    {
        if (Reason(write) is { } reason)
        {
            if (!_missing.TryGetValue(path, out var missing))
            {
                warn($"{path} cannot be written: {reason}; the run goes on, and each step tries again");
                missing = (step, step);
            }

            _missing[path] = missing with { Last = step };
        }
        else if (_missing.Count > 0 && _missing.Remove(path, out var lacked))
        {
            warn($"{path} is written again; it lacks outer steps {lacked.First} to {lacked.Last}");
        }
    }

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
