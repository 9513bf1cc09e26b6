namespace Involute.Commands;

/// <summary>Commands that belong together, under one name.</summary>
/// <param name="Name">The first word of each.</param>
/// <param name="Summary">One line for a person.</param>
/// <param name="Commands">The commands.</param>
public sealed record Palette(string Name, string Summary, params IReadOnlyList<CommandDefinition> Commands)
{
    /// <summary>How a command is called, with its arguments.</summary>
    public string Usage(CommandDefinition command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var words = command.Arguments.Select(argument => argument.Usage)
            .Prepend(command.Name).Prepend(Name).Where(word => word.Length > 0);
        return string.Join(' ', words);
    }
}
