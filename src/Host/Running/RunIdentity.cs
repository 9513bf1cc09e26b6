using System.Security.Cryptography;
using System.Text;
using Involute.Hosting.Configuration;

namespace Involute.Hosting.Running;

/// <summary>What makes two runs the same run: every setting but those that may change on resume.</summary>
internal static class RunIdentity
{
    /// <summary>SHA-256 of these settings, in lowercase hexadecimal digits.</summary>
    public static string Sha256(RunConfiguration configuration)
    {
        var lines = configuration.Settings
            .Where(setting => !ResumeRules.MayChange.Contains(setting.Key))
            .Select(setting => $"{setting.Key}={setting.Value}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }
}
