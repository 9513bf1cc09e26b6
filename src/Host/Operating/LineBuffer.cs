namespace Involute.Host.Operating;

/// <summary>A line that is being written: its text, the cursor, and the lines before it. No terminal.</summary>
/// <param name="history">The lines before, oldest first.</param>
/// <param name="complete">The words that may stand where the cursor is, by the text before it.</param>
internal sealed class LineBuffer(IReadOnlyList<string> history, Func<string, IReadOnlyList<string>> complete)
{
    private string _text = "";
    private string _draft = "";
    private int _at = history.Count;

    /// <summary>What stands there.</summary>
    public string Text => _text;

    /// <summary>Characters before the cursor.</summary>
    public int Cursor { get; private set; }

    /// <summary>Words that a second Tab would show; empty if there is nothing to choose from.</summary>
    public IReadOnlyList<string> Choices { get; private set; } = [];

    /// <summary>A key was pressed.</summary>
    public void Press(ConsoleKeyInfo key)
    {
        Choices = [];
        var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        switch (key.Key)
        {
            case ConsoleKey.Backspace when Cursor > 0:
                Replace(Cursor - 1, Cursor, "");
                break;
            case ConsoleKey.Delete when Cursor < _text.Length:
                Replace(Cursor, Cursor + 1, "");
                break;
            case ConsoleKey.LeftArrow:
                Cursor = Math.Max(0, Cursor - 1);
                break;
            case ConsoleKey.RightArrow:
                Cursor = Math.Min(_text.Length, Cursor + 1);
                break;
            case ConsoleKey.Home or ConsoleKey.A when key.Key == ConsoleKey.Home || control:
                Cursor = 0;
                break;
            case ConsoleKey.End or ConsoleKey.E when key.Key == ConsoleKey.End || control:
                Cursor = _text.Length;
                break;
            case ConsoleKey.U when control:
                Replace(0, Cursor, "");
                break;
            case ConsoleKey.K when control:
                Replace(Cursor, _text.Length, "");
                break;
            case ConsoleKey.W when control:
                Replace(_text[..Cursor].TrimEnd().LastIndexOf(' ') + 1, Cursor, "");
                break;
            case ConsoleKey.UpArrow:
                Recall(_at - 1);
                break;
            case ConsoleKey.DownArrow:
                Recall(_at + 1);
                break;
            case ConsoleKey.Tab:
                Complete();
                break;
            default:
                if (!char.IsControl(key.KeyChar))
                {
                    Replace(Cursor, Cursor, key.KeyChar.ToString());
                }

                break;
        }
    }

    private void Replace(int from, int to, string with)
    {
        _text = _text[..from] + with + _text[to..];
        Cursor = from + with.Length;
    }

    // The line that was being written comes back behind the newest.
    private void Recall(int line)
    {
        if (line < 0 || line > history.Count)
        {
            return;
        }

        _draft = _at == history.Count ? _text : _draft;
        _at = line;
        _text = line == history.Count ? _draft : history[line];
        Cursor = _text.Length;
    }

    // As much as all words agree on.
    private void Complete()
    {
        var before = _text[..Cursor];
        var start = before.LastIndexOf(' ') + 1;
        var words = complete(before);
        if (words.Count == 0)
        {
            return;
        }

        var common = words.Aggregate((one, other) => one[..one.Zip(other, (a, b) => a == b).TakeWhile(same => same).Count()]);
        if (words.Count == 1)
        {
            common += " ";
        }

        if (common.Length > Cursor - start)
        {
            Replace(start, Cursor, common);
        }
        else
        {
            Choices = words;
        }
    }
}
