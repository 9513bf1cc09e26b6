namespace Involute.Runs.Configuration;

/// <summary>One key of a configuration with its value as HOCON text.</summary>
/// <param name="Key">Full path, for instance <c>involute.task.name</c>.</param>
/// <param name="Value">The value, written as it reads back.</param>
public readonly record struct Setting(string Key, string Value);
