//! The kinds of problems: a closed list, so that what a problem's `type` names can be looked up.

use axum::http::StatusCode;
use domain::Text;

/// A kind of problem.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its name in the address `/problems/{name}`, which never changes.
    pub name: &'static str,
    /// The HTTP status.
    pub status: StatusCode,
    /// What it is called (RFC 9457, 3.1.3).
    pub title: Text,
    /// When it occurs and what to do.
    pub about: Text,
}

/// The kind of this name.
pub fn find(name: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|kind| kind.name == name)
}

macro_rules! kinds {
    ($( $constant:ident = $name:literal $status:ident $sr:literal $en:literal: $about_sr:literal $about_en:literal; )+) => {
        $(
            #[doc = $en]
            pub static $constant: Kind = Kind {
                name: $name,
                status: StatusCode::$status,
                title: Text::new($sr, $en),
                about: Text::new($about_sr, $about_en),
            };
        )+

        /// All kinds, in the order in which they are listed.
        pub static KINDS: &[&Kind] = &[$( &$constant ),+];
    };
}

kinds! {
    NO_SUCH_PAGE = "no-such-page" NOT_FOUND "Страница не постоји" "No such page":
        "На тој адреси нема ничега. Почните од почетне странице и пратите везе."
        "There is nothing at the address. Start from the landing page and follow its links.";
    NO_SUCH_LAYER = "no-such-layer" NOT_FOUND "Слој не постоји" "No such layer":
        "Адреса именује слој који не постоји. Слојеви су наведени на `/collections`."
        "The address names a layer that does not exist. The layers are listed at `/collections`.";
    NO_SUCH_REVISION = "no-such-revision" NOT_FOUND "Ревизија не постоји" "No such revision":
        "Ревизија са тим бројем не постоји. Списак ревизија је на `/revisions`."
        "There is no revision of that number. The revisions are listed at `/revisions`.";
    NO_SUCH_FEATURE = "no-such-feature" NOT_FOUND "Објекат не постоји" "No such feature":
        "Слој нема објекат са том ознаком, или га у траженом тренутку (`as-of`) још није било."
        "The layer has no feature of that id, or had none yet at the moment asked for (`as-of`).";
    NO_SUCH_FACILITY = "no-such-facility" NOT_FOUND "Објекат не постоји" "No such facility":
        "Регистар нема објекат са том катастарском шифром. Проверите шифру међу објектима слоја `facilities`."
        "The register has no facility of that cadastral code. Check the code among the features of the layer `facilities`.";
    REMOVED_FACILITY = "removed-facility" GONE "Објекат је уклоњен из регистра" "Facility removed from the register":
        "Објекат са том катастарском шифром је био у регистру, али је уклоњен. Одговор каже где је његова историја."
        "There was a facility of that cadastral code, but it was removed. The answer says where its history is.";
    NO_SUCH_TILE = "no-such-tile" NOT_FOUND "Плочица не постоји" "No such tile":
        "Плочица је ван скупа плочица. Опис скупа каже које нивое, редове и колоне има."
        "The tile lies outside its tileset. The description of the tileset says which matrices, rows and columns it has.";
    OUTSIDE_SURVEY = "outside-survey" NOT_FOUND "Ван снимка" "Outside the survey":
        "Тражени део не додирује снимак. Обухват снимка је геометрија његовог објекта у слоју `surveys`."
        "The part asked for does not touch the survey. The survey's footprint is the geometry of its feature in the layer `surveys`.";
    NO_OUTLINE = "no-outline" NOT_FOUND "Објекат нема границу" "The facility has no outline":
        "Рачун по површини тражи снимљену границу, а објекат је у регистру само као тачка."
        "Figures over an area need a surveyed outline, and the facility is in the register as a point only.";
    NO_VALUES = "no-values" NOT_FOUND "Снимак нема измерених вредности" "The survey has no measured values":
        "Ћелије ортофотоа су боје. Висине и друге вредности имају снимци осталих врста."
        "The cells of an orthophoto are colours. Heights and other values are in surveys of the other kinds.";
    NOT_COMPARABLE = "not-comparable" NOT_FOUND "Снимци се не могу упоредити" "The surveys cannot be compared":
        "Промена запремине се рачуна само из два снимка истог објекта чије се висине могу поредити. Одговор каже шта недостаје."
        "A change of volume is computed only from two surveys of one facility whose heights can be compared. The answer says what is missing.";
    UNKNOWN_PARAMETER = "unknown-parameter" BAD_REQUEST "Непознат параметар" "Unknown parameter":
        "Адреса нема такав параметар. Ништа се не прећуткује, да погрешно написан параметар не би изгледао као одговор. Одговор наводи параметре који постоје."
        "The address has no such parameter. None is passed over in silence, so that a misspelt one cannot look like an answer. The answer lists those that exist.";
    BAD_PARAMETER = "bad-parameter" BAD_REQUEST "Неисправна вредност параметра" "Bad parameter value":
        "Параметар не може имати ту вредност. Одговор каже какву може имати."
        "The parameter cannot have that value. The answer says what it can have.";
    REPEATED_PARAMETER = "repeated-parameter" BAD_REQUEST "Поновљен параметар" "Repeated parameter":
        "Исти параметар је наведен више пута, па није јасно који важи. Наведите га једном."
        "The same parameter is given more than once, so it is not clear which one counts. Give it once.";
    FILTER_WITHOUT_RESULT = "filter-without-result" BAD_REQUEST "Рачун у филтеру нема резултат" "Calculation without a result":
        "Рачун у параметру `filter` за неки објекат даје број који се не може записати. Употребите мање бројеве."
        "The calculation in the parameter `filter` gives a number for some feature that cannot be held. Use smaller numbers.";
    TOO_MUCH = "too-much" BAD_REQUEST "Превише објеката за формат" "Too many features for the format":
        "Тражени формат не може да прими толико објеката. Изаберите мање, или узмите csv или fgb, који немају границу."
        "The format asked for cannot hold so many features. Select fewer, or take csv or fgb, which have no limit.";
    NOT_ACCEPTABLE = "not-acceptable" NOT_ACCEPTABLE "Нема траженог формата" "Format not offered":
        "Адреса нема ниједан формат који прихвата заглавље Accept. Одговор наводи формате које има."
        "The address has none of the formats that the header Accept takes. The answer lists those it has.";
    METHOD_NOT_ALLOWED = "method-not-allowed" METHOD_NOT_ALLOWED "Метода није дозвољена" "Method not allowed":
        "Адреса нема ту методу. Заглавље Allow каже шта је дозвољено."
        "The address has no such method. The header Allow says what is allowed.";
    TOO_LONG_TO_COUNT = "too-long-to-count" SERVICE_UNAVAILABLE "Бројање траје предуго" "Counting takes too long":
        "Објекти који одговарају услову нису пребројани на време. Изаберите мање (на пример bbox), или тражите стране без `resultType`."
        "The features that match were not counted in time. Select fewer (such as by bbox), or ask for pages, without `resultType`.";
    SIGN_IN_NEEDED = "sign-in-needed" UNAUTHORIZED "Потребна је пријава" "Sign-in needed":
        "Ово могу само пријављени. Пошаљите име и лозинку (HTTP Basic) или токен (Bearer)."
        "Only those who are signed in may do this. Send a name and password (HTTP Basic) or a token (Bearer).";
    WRONG_CREDENTIALS = "wrong-credentials" UNAUTHORIZED "Пријава није прихваћена" "Sign-in not accepted":
        "Име, лозинка или токен нису исправни, или више не важе. Исправите их, или их изоставите за јавне податке."
        "The name, password or token is not right, or counts no longer. Correct it, or leave it out to read what is public.";
    NOT_ALLOWED = "not-allowed" FORBIDDEN "Није дозвољено" "Not allowed":
        "Улога налога ово не дозвољава. Обратите се администратору."
        "The role of the account does not allow this. Ask an administrator.";
    OUTSIDE_REGIONS = "outside-regions" FORBIDDEN "Ван подручја налога" "Outside the account's regions":
        "Налог важи само за неке округе или општине, а захтев је за друге. Обратите се администратору."
        "The account counts for some districts or municipalities only, and the request is for others. Ask an administrator.";
    FOREIGN_FORM = "foreign-form" FORBIDDEN "Образац није наш" "Not a form of this service":
        "Захтев није послат са странице овог сервиса, или је страница застарела. Отворите је поново и пошаљите још једном."
        "The request was not sent from a page of this service, or the page is out of date. Open it again and send it once more.";
    TOO_MANY_ATTEMPTS = "too-many-attempts" TOO_MANY_REQUESTS "Превише покушаја" "Too many attempts":
        "Превише неуспелих пријава. Покушајте поново после времена из заглавља Retry-After."
        "Too many sign-ins failed. Try again after the time in the header Retry-After.";
    TOO_MANY_TOKENS = "too-many-tokens" CONFLICT "Превише токена" "Too many tokens":
        "Налог има превише токена који важе. Опозовите неки који се не користи, па направите нови."
        "The account has too many tokens that count. Revoke one that is not used, and make a new one.";
    SIGN_IN_BUSY = "sign-in-busy" SERVICE_UNAVAILABLE "Превише пријава одједном" "Too many sign-ins at once":
        "Превише људи се пријављује у исто време. Покушајте поново за неколико секунди."
        "Too many people sign in at the same time. Try again in a few seconds.";
    NO_SUCH_UPLOAD = "no-such-upload" NOT_FOUND "Слање не постоји" "No such upload":
        "Слање не постоји, или није ваше. Ваша су на `/uploads`."
        "There is no such upload, or it is not yours. Yours are at `/uploads`.";
    BAD_UPLOAD = "bad-upload" BAD_REQUEST "Слање није исправно" "The upload is not right":
        "Нема датотеке, или није јасно како да се чита. Одговор каже шта недостаје."
        "There is no file, or it is not clear how to read it. The answer says what is missing.";
    UPLOAD_TOO_LARGE = "upload-too-large" PAYLOAD_TOO_LARGE "Датотека је превелика" "The file is too large":
        "Датотека има више бајтова него што сме једна, или него што је најављено. Поделите је на мање."
        "The file has more bytes than one may have, or than were announced. Split it into smaller ones.";
    OVER_QUOTA = "over-quota" TOO_MANY_REQUESTS "Превише отворених слања" "Too many open uploads":
        "Налог има превише слања о којима још није одлучено. Сачекајте одлуку, или одустаните од неког."
        "The account has too many uploads that are not decided yet. Wait for the decision, or withdraw one.";
    WRONG_OFFSET = "wrong-offset" CONFLICT "Део не почиње где треба" "The part begins elsewhere":
        "Део датотеке не почиње тамо где се оно што је стигло завршава. Питајте колико је стигло (HEAD) и наставите одатле."
        "A part of a file does not begin where that which is here ends. Ask how much is here (HEAD), and go on from there.";
    UPLOAD_BUSY = "upload-busy" CONFLICT "Датотека се управо шаље" "The file is being sent":
        "Други захтев управо шаље ову датотеку. Погледајте стање слања, или покушајте поново када тај захтев заврши."
        "Another request sends this file just now. Look at the state of the upload, or try again when that request has ended.";
    WRONG_UPLOAD_STATE = "wrong-upload-state" CONFLICT "Стање слања то не дозвољава" "The upload's state forbids it":
        "Слање се још прегледа, или је о њему већ одлучено. Погледајте његово стање."
        "The upload is still being inspected, or is decided already. Look at its state.";
    UPLOAD_HINDERED = "upload-hindered" CONFLICT "Има одбијених записа" "Records are refused":
        "Извештај налази записе који су одбијени, двосмислени или у сукобу са туђим изменама. Исправите датотеку, или реците шта је сваки такав запис."
        "The report finds records that are refused, ambiguous or in conflict with changes by others. Correct the file, or say what each such record is.";
    BAD_EDIT = "bad-edit" BAD_REQUEST "Измена није исправна" "The edit is not right":
        "Садржај није оно што се овде прима, па се не може прочитати. Одговор каже шта није у реду."
        "The body is not what is taken here, so it cannot be read. The answer says what is wrong.";
    OTHER_MEDIA_TYPE = "other-media-type" UNSUPPORTED_MEDIA_TYPE "Друга врста садржаја" "Another media type":
        "Заглавље Content-Type каже да је садржај друге врсте. Одговор каже која се овде прима."
        "The header Content-Type says that the body is of another type. The answer says which is taken here.";
    EDIT_TOO_LARGE = "edit-too-large" PAYLOAD_TOO_LARGE "Измена је превелика" "The edit is too large":
        "Измена има више бајтова него што сме. Поделите је, или пошаљите датотеку."
        "The edit has more bytes than it may have. Divide it, or send a file.";
    EDIT_REFUSED = "edit-refused" UNPROCESSABLE_ENTITY "Измена није прихваћена" "The edit is not accepted":
        "Запис са овом изменом не би био исправан. Одговор у `errors` наводи шта није у реду, по пољима."
        "With this edit the record would not be right. The answer lists in `errors` what is wrong, by field.";
    CHANGED_MEANWHILE = "changed-meanwhile" PRECONDITION_FAILED "У међувремену измењено" "Changed meanwhile":
        "Објекат више није онакав какав је био када је прочитан. Прочитајте га поново и поновите измену."
        "The feature is not what it was when it was read. Read it again, and repeat the edit.";
    CONDITION_NEEDED = "condition-needed" PRECONDITION_REQUIRED "Недостаје If-Match" "If-Match is missing":
        "Слој прима само измене које у заглављу If-Match кажу од ког стања полазе: ETag прочитаног објекта."
        "The layer takes only edits that say in the header If-Match from which state they are made: the ETag of the feature as it was read.";
    CODE_TAKEN = "code-taken" CONFLICT "Шифра је заузета" "The code is taken":
        "Сваки запис има своју шифру, а ову већ има други. Дајте другу, или измените тај запис."
        "Each record has a code of its own, and another one has this already. Give another code, or edit that record.";
    STILL_NAMED = "still-named" CONFLICT "Други записи га именују" "Other records name it":
        "Запис који други именују својом шифром не може да нестане ни да је промени. Прво измените те записе."
        "A record that others name by its code cannot go, or change its code. Edit those first.";
    DATABASE_UNAVAILABLE = "database-unavailable" SERVICE_UNAVAILABLE "База података није доступна" "Database unavailable":
        "База података тренутно не одговара. Покушајте поново после времена из заглавља Retry-After."
        "The database does not answer now. Try again after the time in the header Retry-After.";
    INTERNAL = "internal" INTERNAL_SERVER_ERROR "Грешка у сервису" "Fault of the service":
        "Захтев није извршен због грешке у сервису, не у захтеву. Пријавите је уз вредност заглавља X-Request-Id."
        "The request failed by a fault of the service, not of the request. Report it with the value of the header X-Request-Id.";
}
