namespace Involute.Hosting.Reproduction.Parameters;

/// <summary>The short names that experiments use for estimators, and the other names that are read as these.</summary>
internal static class EstimatorNames
{
    public const string Pes = "pes";
    public const string PesAnalytic = "pes-analytic";
    public const string Nres = "nres";
    public const string NresOnline = "nres-online";
    public const string Gpes = "gpes";
    public const string Full = "full";
    public const string Tes = "tes";
    public const string Tbptt = "tbptt";
    public const string Rtrl = "rtrl";

    /// <summary>The short name; any other word is returned as it is.</summary>
    public static string Short(string name) => name switch
    {
        "persistent-es" => Pes,
        "persistent-es-analytic" => PesAnalytic,
        "es-single" or "noise-reuse-es" => Nres,
        "noise-reuse-es-online" => NresOnline,
        "truncated-es" => Tes,
        "full-es" => Full,
        "truncated-grad" => Tbptt,
        _ => name,
    };
}
