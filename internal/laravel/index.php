<?php

/*
 * A small PMP Smart on the real Laravel: the twelve endpoints of the documented API, answered by the framework's own
 * router, validator, guard, paginators, Eloquent and exception handler, in one of several styles of answer.
 *
 *     PMPSMART_DB=/tmp/pmpsmart/db.sqlite php -q -S 127.0.0.1:8000 index.php
 *
 * PMPSMART_DB             SQLite file, made when missing; logs and caches lie beside it
 * PMPSMART_SEED           JSON file loaded into a new database; without it there is one account, api@pmpsmart.com / rahasia
 * PMPSMART_STYLE          style of the answers (see STYLES), default plain; the header X-Style chooses for one request
 * PMPSMART_SINGLE_TOKEN   1 (default): a login ends the account's earlier token; 0: an account has any number of tokens
 * PMPSMART_PER_PAGE       records on a page, default 15
 * PMPSMART_UNIQUE         1: a second insert of the same kode_order fails the validation
 * PMPSMART_THROTTLE       requests a minute that a user may make; 0 (default): any number
 * PHP_CLI_SERVER_WORKERS  PHP's own: how many processes answer
 *
 * `php artisan down` is a file here as there: storage/framework/down beside the database, for example {"retry":60}.
 */

namespace {
    // PHP 8.2 deprecates much of what Laravel 8 does; none of its notices may stand before the JSON.
    error_reporting(E_ALL & ~E_DEPRECATED & ~E_USER_DEPRECATED);
    ini_set('display_errors', '0');

    require_once 'Illuminate/autoload.php';

    const WIB = 'Asia/Jakarta';
    const STYLES = [
        'plain',     // {"status":"success","message":…,"data":…}
        'strings',   // numbers are strings, as PDO gave them with emulated prepares
        'paginated', // lists: data is a LengthAwarePaginator
        'simple',    // lists: data is a simple paginator, which knows no last page
        'cursor',    // lists: data is a cursor paginator
        'resources', // API resources: status and message stand behind data, links and meta
        'toplevel',  // lists: the paginator is the body; one: a resource without status and message
        'keyed',     // lists: objects keyed by id; one: under its name
        'bare',      // no envelope
        'loose',     // status is a boolean, errors come with HTTP 200, an empty list is null
        'rows',      // data is what Eloquent's calls return: true of a write, a list of one for one
        'carbon',    // dates in every way but Laravel's
        'debug',     // plain with APP_DEBUG on: errors carry a trace
        'jsonapi',   // lists: resources of JSON:API, the page under meta.page; one: a resource without status and message
        'indonesian', // the status berhasil; lists: the page beside data, with names in Indonesian
        'grouped',   // lists: groups by the day of created_at
    ];

    function setting(string $name, string $default): string {
        $value = getenv("PMPSMART_$name");
        return $value === false || $value === '' ? $default : $value;
    }

    function style(): string {
        return $_SERVER['HTTP_X_STYLE'] ?? setting('STYLE', 'plain');
    }

    function singleToken(): bool { return setting('SINGLE_TOKEN', '1') === '1'; }
}

namespace App\Models {
    use Carbon\Carbon;
    use Illuminate\Auth\Authenticatable;
    use Illuminate\Contracts\Auth\Authenticatable as AuthenticatableContract;
    use Illuminate\Database\Eloquent\Model;
    use Illuminate\Foundation\Auth\Access\Authorizable;

    abstract class Record extends Model {
        protected $guarded = [];

        // Eloquent casts an id to its key type whatever PDO gave: in the style strings it would be the only number.
        public function getKeyType() { return style() === 'strings' ? 'string' : 'int'; }

        protected function serializeDate(\DateTimeInterface $date) {
            if (style() !== 'carbon') {
                return parent::serializeDate($date);
            }
            $wib = Carbon::instance($date)->tz(WIB);
            return match (static::class) {
                JsonOrder::class => (array) $wib->toDateTime(), // {"date":…,"timezone_type":3,"timezone":…}
                Outlet::class => $wib->format('Y-m-d\TH:i:s'),  // as on the documentation page
                User::class => $wib->format(DATE_ATOM),
                Visit::class => $wib->getTimestamp(),
                default => $wib->format('Y-m-d H:i:s'),
            };
        }
    }

    class Account extends Record implements AuthenticatableContract {
        use Authenticatable, Authorizable;

        protected $hidden = ['password', 'api_token', 'role', 'logins'];

        public function tokens() { return $this->hasMany(Token::class); }
    }

    class Order extends Record {
        protected $casts = ['date_order' => 'date:Y-m-d'];

        public function items() { return $this->hasMany(OrderItem::class); }
        public function outlet() { return $this->belongsTo(Outlet::class); }
        public function user() { return $this->belongsTo(User::class); }

        public function attributesToArray() {
            $fields = parent::attributesToArray();
            if (style() === 'carbon' && $this->date_order) {
                // A plain `date` cast in an application whose time zone is WIB: the day's midnight, told in UTC.
                $fields['date_order'] = Carbon::parse($this->date_order->toDateString(), WIB)->toJSON();
            }
            return $fields;
        }
    }

    class OrderItem extends Record {
        protected $hidden = ['order_id', 'created_at', 'updated_at'];
    }

    class Token extends Record {}
    class JsonOrder extends Record {}
    class Outlet extends Record {}
    class User extends Record {}
    class Visit extends Record {}
}

namespace App\Http {
    use App\Models\{Account, JsonOrder, Order, Outlet, User, Visit};
    use Carbon\Carbon;
    use Illuminate\Auth\Access\AuthorizationException;
    use Illuminate\Auth\AuthenticationException;
    use Illuminate\Database\Eloquent\ModelNotFoundException;
    use Illuminate\Http\Request;
    use Illuminate\Http\Resources\Json\JsonResource;
    use Illuminate\Support\Facades\{DB, Hash};
    use Illuminate\Support\Str;
    use Illuminate\Validation\ValidationException;

    class Kernel extends \Illuminate\Foundation\Http\Kernel {
        // Without .env, configuration files and a package manifest: there is no skeleton to read them from.
        protected $bootstrappers = [
            \Illuminate\Foundation\Bootstrap\HandleExceptions::class,
            \Illuminate\Foundation\Bootstrap\BootProviders::class,
        ];
        protected $middleware = [
            Maintenance::class,
            \Illuminate\Foundation\Http\Middleware\ValidatePostSize::class,
            \Illuminate\Foundation\Http\Middleware\TrimStrings::class,
            \Illuminate\Foundation\Http\Middleware\ConvertEmptyStringsToNull::class,
        ];
        protected $routeMiddleware = [
            'auth' => Authenticate::class,
            'can' => \Illuminate\Auth\Middleware\Authorize::class,
            'throttle' => \Illuminate\Routing\Middleware\ThrottleRequests::class,
        ];
    }

    class Maintenance extends \Illuminate\Foundation\Http\Middleware\PreventRequestsDuringMaintenance {
        protected $except = ['_test/*'];
    }

    class Authenticate extends \Illuminate\Auth\Middleware\Authenticate {
        // As in the skeleton. An API has no route of that name: who asks for HTML gets a 500.
        protected function redirectTo($request) { return $request->expectsJson() ? null : route('login'); }
    }

    /** Finds the account of a token where accounts have many. */
    class ManyTokensProvider extends \Illuminate\Auth\EloquentUserProvider {
        public function retrieveByCredentials(array $credentials) {
            return Account::whereHas('tokens', fn ($tokens) => $tokens->where($credentials))->first();
        }
    }

    class Handler extends \Illuminate\Foundation\Exceptions\Handler {
        public function register() {
            $this->renderable(fn (\Throwable $e) => style() === 'loose' ? $this->loose($e) : null);
        }

        /** The answer of an application that catches its errors itself; null leaves the rest to Laravel. */
        private function loose(\Throwable $e) {
            [$status, $message] = match (true) {
                $e instanceof AuthenticationException => [401, $e->getMessage()],
                $e instanceof ValidationException => [false, $e->errors()],
                $e->getPrevious() instanceof ModelNotFoundException => [false, 'Data tidak ditemukan'],
                $e->getPrevious() instanceof AuthorizationException => [403, $e->getMessage()],
                default => [null, null],
            };
            return $status === null ? null : response()->json(['status' => $status, 'message' => $message, 'data' => null]);
        }
    }

    /** What the endpoints answer, in the style that was asked for. */
    class Answer {
        public static function many($query, string $message) {
            $query->orderBy('id');
            $perPage = (int) setting('PER_PAGE', '15');
            return match (style()) {
                'paginated' => self::envelope($message, $query->paginate($perPage)),
                'simple' => self::envelope($message, $query->simplePaginate($perPage)),
                'cursor' => self::envelope($message, $query->cursorPaginate($perPage)),
                'resources' => JsonResource::collection($query->paginate($perPage))->additional(self::words($message)),
                'toplevel' => $query->paginate($perPage),
                'keyed' => self::envelope($message, $query->get()->keyBy('id')),
                'bare' => $query->get(),
                'loose' => self::envelope($message, ($all = $query->get())->isEmpty() ? null : $all),
                'jsonapi' => self::jsonApi($query->paginate($perPage)),
                'indonesian' => self::indonesian($message, $query->paginate($perPage)),
                'grouped' => self::envelope($message, $query->get()->groupBy(fn ($record) => $record->created_at->toDateString())),
                default => self::envelope($message, $query->get()),
            };
        }

        /** As laravel-json-api sends a page. */
        private static function jsonApi($page): array {
            $resource = fn ($record) => [
                'type' => $record->getTable(), 'id' => (string) $record->id, 'attributes' => array_diff_key($record->toArray(), ['id' => 0]),
            ];
            return ['data' => $page->getCollection()->map($resource), 'meta' => ['page' => [
                'currentPage' => $page->currentPage(), 'from' => $page->firstItem(), 'lastPage' => $page->lastPage(),
                'perPage' => $page->perPage(), 'to' => $page->lastItem(), 'total' => $page->total(),
            ]]];
        }

        private static function indonesian(string $message, $page): array {
            return self::envelope($message, $page->items()) +
                ['halaman' => $page->currentPage(), 'total_halaman' => $page->lastPage(), 'total_data' => $page->total()];
        }

        public static function one($record, string $message, string $name) {
            return match (style()) {
                'resources' => (new JsonResource($record))->additional(self::words($message)),
                'toplevel', 'jsonapi' => new JsonResource($record),
                'keyed' => self::envelope($message, [$name => $record]),
                'bare' => $record,
                'rows' => self::envelope($message, [$record]),
                default => self::envelope($message, $record),
            };
        }

        public static function write($record, string $message, string $name) {
            $saved = $record->save();
            return style() === 'rows' ? self::envelope($message, $saved) : self::one($record->refresh(), $message, $name);
        }

        public static function login(Account $user, string $token, string $message) {
            $userWithToken = $user->toArray() + ['api_token' => $token];
            return match (style()) {
                'strings' => self::envelope($message, ['access_token' => $token, 'token_type' => 'Bearer', 'user' => $user]),
                'resources' => (new JsonResource(['user' => $userWithToken]))->additional(self::words($message)),
                'toplevel' => ['access_token' => $token, 'token_type' => 'bearer', 'expires_in' => null],
                'keyed' => self::envelope($message, ['token' => "Bearer $token", 'user' => $user]),
                'bare' => $userWithToken,
                'loose' => self::envelope($message, $user) + ['token' => $token, 'token_type' => 'bearer'],
                'rows' => self::envelope($message, $token),
                default => self::envelope($message, $userWithToken),
            };
        }

        public static function logout(string $message) {
            return match (style()) {
                'bare' => response()->noContent(),
                'toplevel' => ['message' => $message],
                'keyed' => self::envelope($message, []),
                'rows' => self::envelope($message, true),
                default => self::envelope($message, null),
            };
        }

        public static function wrongPassword(string $message) {
            return match (style()) {
                'loose' => response()->json(['status' => false, 'message' => $message, 'data' => null]),
                'bare', 'toplevel', 'jsonapi' => response()->json(['message' => $message], 401),
                default => response()->json(['status' => 'error', 'message' => $message], 401),
            };
        }

        private static function envelope(string $message, $data): array {
            return self::words($message) + ['data' => $data];
        }

        private static function words(string $message): array {
            return ['status' => ['loose' => true, 'indonesian' => 'berhasil'][style()] ?? 'success', 'message' => $message];
        }
    }

    /** The twelve endpoints. The messages are the documented ones, which the vendor copied from endpoint to endpoint. */
    class Api {
        public function login(Request $request) {
            $input = $request->validate(['email' => 'required|email', 'password' => 'required|string']);
            $user = Account::firstWhere('email', $input['email']);
            if (! $user || ! Hash::check($input['password'], $user->password)) {
                return Answer::wrongPassword('Email atau password salah');
            }
            $token = Str::random(60);
            if (! singleToken()) {
                $user->tokens()->create(['api_token' => $token]);
            }
            $user->update(['logins' => DB::raw('logins + 1')] + (singleToken() ? ['api_token' => $token] : []));
            return Answer::login($user, $token, 'Submit Login berhasil');
        }

        public function logout(Request $request) {
            if (singleToken()) {
                $request->user()->update(['api_token' => null]);
            } else {
                $request->user()->tokens()->where('api_token', $request->bearerToken())->delete();
            }
            return Answer::logout('Logout berhasil');
        }

        private const JSON_ORDER = [
            'kode_order' => ['required', 'string', 'max:100'], 'json_data' => 'required|string', 'status' => 'required|string',
        ];

        public function insertJsonOrder(Request $request) {
            $rules = self::JSON_ORDER;
            if (setting('UNIQUE', '0') === '1') {
                $rules['kode_order'][] = 'unique:json_orders';
            }
            $input = $request->validate($rules);
            return Answer::write(new JsonOrder($input), 'Kode outlet berhasil diperbarui', 'json_order');
        }

        public function updateJsonOrder(Request $request) {
            $input = $request->validate(self::JSON_ORDER);
            $order = JsonOrder::where('kode_order', $input['kode_order'])->firstOrFail();
            return Answer::write($order->fill($input), 'Kode outlet berhasil diperbarui', 'json_order');
        }

        public function filterJsonOrders(Request $request) {
            $input = $request->validate([
                'search' => 'nullable|string', 'kode_order' => 'nullable|string',
                'status' => 'nullable|string', 'status_order' => 'nullable|string',
                'start_date' => 'nullable|date', 'end_date' => 'nullable|date|after_or_equal:start_date',
            ]);
            $query = JsonOrder::where(collect($input)->only('kode_order', 'status', 'status_order')->whereNotNull()->all());
            if (isset($input['search'])) {
                $like = "%{$input['search']}%";
                $query->where(fn ($either) => $either->where('kode_order', 'like', $like)->orWhere('json_data', 'like', $like));
            }
            $midnight = fn ($day) => Carbon::parse($day, WIB)->startOfDay()->utc();
            if (isset($input['start_date'])) {
                $query->where('created_at', '>=', $midnight($input['start_date']));
            }
            if (isset($input['end_date'])) {
                $query->where('created_at', '<', $midnight($input['end_date'])->addDay());
            }
            return Answer::many($query, 'Data JSON order berhasil diambil');
        }

        public function outlets() { return Answer::many(Outlet::query(), 'Logout berhasil'); }

        public function updateOutlet(Request $request) {
            $input = $request->validate(['id_outlet' => 'required|integer', 'kode_outlet' => 'required|string|max:100']);
            $outlet = Outlet::findOrFail($input['id_outlet'])->fill(['kode_outlet' => $input['kode_outlet']]);
            return Answer::write($outlet, 'Kode outlet berhasil diperbarui', 'outlet');
        }

        public function orders(Request $request) {
            $input = $request->validate([
                'status' => 'nullable|string', 'date_order' => 'nullable|date',
                'user_id' => 'nullable|integer', 'outlet_id' => 'nullable|integer',
            ]);
            return Answer::many(Order::where(collect($input)->whereNotNull()->all()), 'Data order berhasil diambil');
        }

        public function updateOrder(Request $request) {
            $input = $request->validate(['order_id' => 'required|integer', 'status' => 'required|in:open,pending,complete,cancel']);
            $order = Order::findOrFail($input['order_id'])->fill(['status' => $input['status']]);
            return Answer::write($order, 'Data order berhasil diupdate', 'order');
        }

        public function order(Request $request) {
            $input = $request->validate(['order_id' => 'required|integer']);
            $order = Order::with('items', 'outlet', 'user')->findOrFail($input['order_id']);
            return Answer::one($order, 'Data order berhasil diambil', 'order');
        }

        public function salesUsers(Request $request) { return $this->byName(User::query(), $request); }
        public function visits(Request $request) { return $this->byName(Visit::query(), $request); }

        private function byName($query, Request $request) {
            $input = $request->validate(['name' => 'nullable|string']);
            if (isset($input['name'])) {
                $query->where('name', 'like', "%{$input['name']}%");
            }
            return Answer::many($query, 'Data order berhasil diambil');
        }
    }
}

namespace App {
    use App\Http\Api;
    use App\Models\{Account, Token};
    use Carbon\Carbon;
    use Illuminate\Database\Schema\Blueprint;
    use Illuminate\Support\Facades\{Auth, DB, Gate, Route, Schema};

    class AppServiceProvider extends \Illuminate\Support\ServiceProvider {
        // The skeleton's resources/lang/en, as far as it is needed here: Debian's package has no texts.
        private const TEXTS = [
            'pagination' => ['previous' => '&laquo; Previous', 'next' => 'Next &raquo;'],
            'validation' => [
                'required' => 'The :attribute field is required.',
                'string' => 'The :attribute must be a string.',
                'integer' => 'The :attribute must be an integer.',
                'email' => 'The :attribute must be a valid email address.',
                'date' => 'The :attribute is not a valid date.',
                'after_or_equal' => 'The :attribute must be a date after or equal to :date.',
                'in' => 'The selected :attribute is invalid.',
                'unique' => 'The :attribute has already been taken.',
                'max' => ['string' => 'The :attribute must not be greater than :max characters.'],
            ],
        ];

        public function boot() {
            $this->app->instance('translation.loader', $loader = new \Illuminate\Translation\ArrayLoader);
            foreach (self::TEXTS as $group => $texts) {
                $loader->addMessages('en', $group, $texts);
            }
            Auth::provider('many', fn ($app, $config) => new Http\ManyTokensProvider($app['hash'], $config['model']));
            // An account whose role in the seed is viewer may only read.
            Gate::define('write', fn (Account $account) => $account->role !== 'viewer');
            Database::makeOnce(config('database.connections.sqlite.database'));

            $throttle = (int) setting('THROTTLE', '0');
            Route::prefix('api/v1')->middleware($throttle > 0 ? "throttle:$throttle,1" : [])->group(function () {
                Route::post('auth/login', [Api::class, 'login']);
                Route::middleware('auth')->group(function () {
                    Route::post('auth/logout', [Api::class, 'logout']);
                    Route::post('json/order/get/filter', [Api::class, 'filterJsonOrders']);
                    Route::post('master/outlet', [Api::class, 'outlets']);
                    Route::post('order', [Api::class, 'orders']);
                    Route::post('order/detail', [Api::class, 'order']);
                    Route::post('user/sales', [Api::class, 'salesUsers']);
                    Route::post('visit', [Api::class, 'visits']);
                });
                Route::middleware('auth', 'can:write')->group(function () {
                    Route::post('json/order', [Api::class, 'insertJsonOrder']);
                    Route::post('json/order/update', [Api::class, 'updateJsonOrder']);
                    Route::post('master/outlet/update', [Api::class, 'updateOutlet']);
                    Route::post('order/update', [Api::class, 'updateOrder']);
                });
            });
            Route::post('_test/expire', function () {
                Account::query()->update(['api_token' => null]);
                Token::query()->delete();
                return response()->noContent();
            });
            Route::get('_test/logins', fn () => response()->json((int) Account::sum('logins')));
        }
    }

    class Database {
        private const TABLES = [
            'accounts' => ['name', 'email', 'password', 'role', 'api_token', 'logins'],
            'tokens' => ['account_id', 'api_token'],
            'users' => ['name', 'email'],
            'outlets' => ['kode_outlet', 'nama_outlet', 'alamat'],
            'orders' => ['kode_order', 'status', 'date_order', 'user_id', 'outlet_id', 'total'],
            'order_items' => ['order_id', 'nama_produk', 'qty', 'harga'],
            'visits' => ['name', 'user_id', 'outlet_id'],
            'json_orders' => ['kode_order', 'json_data', 'status', 'status_order'],
        ];

        /** The first request makes the database; others that come meanwhile wait, and none meets half of it. */
        public static function makeOnce(string $path): void {
            if (file_exists($path)) {
                return;
            }
            foreach (['views', 'cache'] as $folder) {
                @mkdir(storage_path("framework/$folder"), 0777, true);
            }
            flock($lock = fopen("$path.lock", 'c'), LOCK_EX);
            if (! file_exists($path)) {
                file_put_contents("$path.new", '');
                config(['database.connections.sqlite.database' => "$path.new"]);
                DB::transaction(function () {
                    $seed = self::seed();
                    foreach (self::TABLES as $table => $columns) {
                        self::makeTable($table, $columns, $seed->$table ?? []);
                    }
                });
                DB::statement('PRAGMA journal_mode=WAL');
                DB::purge();
                config(['database.connections.sqlite.database' => $path]);
                rename("$path.new", $path);
            }
            flock($lock, LOCK_UN);
        }

        private static function seed(): object {
            $file = setting('SEED', '');
            $seed = json_decode($file === '' ? '{}' : file_get_contents($file), false, 512, JSON_THROW_ON_ERROR);
            $seed->accounts ??= [(object) ['name' => 'API', 'email' => 'api@pmpsmart.com', 'password' => 'rahasia']];
            foreach ($seed->accounts as $account) {
                $account->password = bcrypt($account->password);
                $account->logins = 0;
            }
            $seed->order_items = [];
            foreach ($seed->orders ?? [] as $order) {
                foreach ($order->items ?? [] as $item) {
                    $item->order_id = $order->id;
                    $seed->order_items[] = $item;
                }
            }
            foreach ($seed->json_orders ?? [] as $order) {
                $order->json_data = is_string($order->json_data) ? $order->json_data : json_encode($order->json_data);
            }
            return $seed;
        }

        private static function makeTable(string $name, array $columns, array $records): void {
            Schema::create($name, function (Blueprint $table) use ($columns) {
                $table->id();
                foreach ($columns as $column) {
                    match ($column) {
                        'account_id', 'user_id', 'outlet_id', 'qty', 'logins' => $table->integer($column)->nullable(),
                        'total', 'harga' => $table->decimal($column, 15, 2)->nullable(),
                        'order_id' => $table->integer($column)->index(),
                        'api_token', 'kode_order' => $table->text($column)->nullable()->index(),
                        default => $table->text($column)->nullable(),
                    };
                }
                $table->timestamps();
            });

            $time = fn ($time) => Carbon::parse($time ?? 'now')->utc()->format('Y-m-d H:i:s');
            $row = function ($record) use ($columns, $time) {
                $values = array_map(fn ($column) => $record->$column ?? null, ['id', ...$columns]);
                return array_combine(['id', ...$columns], $values)
                    + ['created_at' => $time($record->created_at ?? null), 'updated_at' => $time($record->updated_at ?? null)];
            };
            foreach (array_chunk($records, 500) as $chunk) {
                DB::table($name)->insert(array_map($row, $chunk));
            }
        }
    }
}

// What the skeleton has in config/*.php, bootstrap/app.php and public/index.php.
namespace {
    use Illuminate\Contracts\Debug\ExceptionHandler;
    use Illuminate\Contracts\Http\Kernel as KernelContract;

    if (! in_array(style(), STYLES, true)) {
        http_response_code(400);
        exit('unknown style '.style().', known are '.implode(', ', STYLES)."\n");
    }

    date_default_timezone_set('UTC');
    $database = setting('DB', sys_get_temp_dir().'/pmpsmart/db.sqlite');
    $storage = dirname($database).'/storage';

    $app = new \Illuminate\Foundation\Application(dirname($database));
    $app->useStoragePath($storage);
    $app->instance('env', 'production');
    $app->instance('config', new \Illuminate\Config\Repository([
        'app' => ['debug' => style() === 'debug', 'locale' => 'en', 'fallback_locale' => 'en'],
        'auth' => [
            'defaults' => ['guard' => 'api'],
            'guards' => ['api' => ['driver' => 'token', 'provider' => 'accounts']],
            'providers' => ['accounts' => [
                'driver' => singleToken() ? 'eloquent' : 'many', 'model' => \App\Models\Account::class,
            ]],
        ],
        'cache' => ['default' => 'file', 'stores' => ['file' => ['driver' => 'file', 'path' => "$storage/framework/cache"]]],
        'database' => ['default' => 'sqlite', 'connections' => ['sqlite' => [
            'driver' => 'sqlite', 'database' => $database, 'prefix' => '',
            // ATTR_TIMEOUT: the seconds that a process waits for another's write.
            'options' => [\PDO::ATTR_TIMEOUT => 30, \PDO::ATTR_STRINGIFY_FETCHES => style() === 'strings'],
        ]]],
        'hashing' => ['driver' => 'bcrypt', 'bcrypt' => ['rounds' => 4]],
        'logging' => ['default' => 'stderr', 'channels' => ['stderr' => [
            'driver' => 'monolog', 'handler' => \Monolog\Handler\StreamHandler::class, 'with' => ['stream' => 'php://stderr'],
        ]]],
        'session' => ['driver' => 'array', 'lifetime' => 120],
        'view' => ['paths' => [], 'compiled' => "$storage/framework/views"],
    ]));
    $app->singleton(KernelContract::class, \App\Http\Kernel::class);
    $app->singleton(ExceptionHandler::class, \App\Http\Handler::class);
    \Illuminate\Support\Facades\Facade::setFacadeApplication($app);
    foreach ([
        'Auth\Auth', 'Cache\Cache', 'Database\Database', 'Filesystem\Filesystem', 'Foundation\Providers\Foundation',
        'Hashing\Hash', 'Pagination\Pagination', 'Session\Session', 'Translation\Translation', 'Validation\Validation',
        'View\View',
    ] as $provider) {
        $app->register("Illuminate\\{$provider}ServiceProvider");
    }
    $app->register(\App\AppServiceProvider::class);

    $kernel = $app->make(KernelContract::class);
    $request = \Illuminate\Http\Request::capture();
    $response = $kernel->handle($request)->send();
    $kernel->terminate($request, $response);
}
