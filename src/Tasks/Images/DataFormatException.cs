namespace Involute.Tasks.Images;

/// <summary>A data file is missing or is not what it should be. The message is one line that names the file.</summary>
public sealed class DataFormatException : Exception
{
    /// <summary>Says which file, what is wrong with it, and what was expected.</summary>
    public DataFormatException(string file, string problem, string expected)
        : base($"{file}: {problem}; expected {expected}".ReplaceLineEndings(" "))
    {
        File = file;
    }

    /// <summary>Path or name of the file.</summary>
    public string File { get; }
}
