namespace Involute.Host.Operating;

/// <summary>Reads lines at a terminal, with history and completion.</summary>
/// <remarks>
/// Of our own: the libraries on NuGet are previews or have not been kept for years, and this is a hundred lines. It writes
/// with carriage returns and spaces only, which every terminal understands.
/// </remarks>
/// <param name="completion">What Tab may complete.</param>
internal sealed class LineEditor(Completion completion)
{
    private const int MostLines = 500;
    private const int LeastRoom = 8;
    private const int UsualColumns = 80;

    private readonly List<string> _history = [];
    private LineView _view = new();
    private int _shown;

    /// <summary>Reads a line; null at the end of the input (Ctrl-D in an empty line), empty where it was given up.</summary>
    public string? Read(string prompt) => Read(prompt, new LineBuffer(_history, completion.Of), isCommand: true);

    /// <summary>Asks for a word that is no command; null where it was given up.</summary>
    public string? Ask(string question) => Read(question, new LineBuffer([], _ => []), isCommand: false);

    private string? Read(string prompt, LineBuffer buffer, bool isCommand)
    {
        Console.TreatControlCAsInput = true;
        try
        {
            _view = new LineView();
            _shown = 0;
            Show(prompt, buffer);
            while (true)
            {
                var key = Console.ReadKey(intercept: true);
                var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
                if (key.Key == ConsoleKey.Enter)
                {
                    Console.WriteLine();
                    if (isCommand)
                    {
                        Remember(buffer.Text);
                    }

                    return buffer.Text;
                }

                if (control && key.Key == ConsoleKey.C)
                {
                    // The line is given up, as in a shell.
                    Console.WriteLine("^C");
                    return isCommand ? "" : null;
                }

                if (control && key.Key == ConsoleKey.D && buffer.Text.Length == 0)
                {
                    Console.WriteLine();
                    return null;
                }

                buffer.Press(key);
                if (buffer.Choices.Count > 0)
                {
                    Console.WriteLine();
                    foreach (var line in ChoiceLines.Of(buffer.Choices, Width))
                    {
                        Console.WriteLine(line);
                    }

                    _shown = 0;
                }

                Show(prompt, buffer);
            }
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    private void Remember(string line)
    {
        if (line.Trim().Length > 0 && (_history.Count == 0 || _history[^1] != line))
        {
            _history.Add(line);
            if (_history.Count > MostLines)
            {
                _history.RemoveAt(0);
            }
        }
    }

    // Terminals that do not know their size say 0. The last column stays free: a letter there would move the cursor on.
    private static int Width => (Console.WindowWidth is > 0 and var columns ? columns : UsualColumns) - 1;

    // The line anew, blanks over what was longer, and back to the cursor. It never gets longer than the terminal is wide.
    private void Show(string prompt, LineBuffer buffer)
    {
        var (shown, beforeCursor) = _view.Of(
            buffer.Text, buffer.Cursor, Math.Max(LeastRoom, Width - LineView.Columns(prompt)));
        var columns = LineView.Columns(prompt) + LineView.Columns(shown);
        Console.Write($"\r{prompt}{shown}{new string(' ', Math.Max(0, _shown - columns))}\r{prompt}{beforeCursor}");
        _shown = columns;
    }
}
