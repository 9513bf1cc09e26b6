using System.Data.Common;

namespace Involute.Runs.Stores;

/// <summary>Commands of any database.</summary>
internal static class DbCommandExtensions
{
    /// <summary>Gives a parameter its value.</summary>
    public static DbCommand Add(this DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
        return command;
    }
}
